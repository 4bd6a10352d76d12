"""One host's connection: commands in its shell over SSH, for platforms that NAPALM has no driver for."""

import shlex
import time
from typing import TYPE_CHECKING, Any

from netmgr.adapters.jump_hosts import JumpHosts
from netmgr.adapters.ssh_login import login_error, login_of, one_line
from netmgr.errors import DeviceError, Unreachable
from netmgr.model.endpoint import Endpoint

if TYPE_CHECKING:
    from paramiko import SSHClient

#: Bytes of one answer.
_LONGEST = 16 << 20


class ShellSession:
    """Shows, and does nothing else. Methods raise DeviceError. ``timeout`` in seconds, for each answer."""

    def __init__(self, endpoint: Endpoint, timeout: int, jumps: JumpHosts) -> None:
        self.endpoint, self._jumps = endpoint, jumps
        self._timeout = endpoint.timeout or timeout
        self._client: SSHClient | None = None

    def open(self) -> None:
        """Log in; the host key is verified as every device's is."""
        from napalm_frr.login import connect

        end = self.endpoint
        try:
            sock = self._jumps.channel(end.jump, end, end.device)
            self._client = connect(login_of(end, self._timeout, sock, end.device))
        except Exception as error:
            raise self._explained(error, "connect") from error

    def close(self) -> None:
        """Close the connection."""
        if self._client is not None:
            client, self._client = self._client, None
            client.close()

    def relogin(self) -> None:
        """A new login in place of the old one."""
        self.close()
        self.open()

    def show(self, command: str) -> str:
        """What the command prints. Its words are words, whatever characters they hold: no shell takes them apart."""
        name = self.endpoint.device
        transport = self._client.get_transport() if self._client else None
        if transport is None:
            raise Unreachable(name, "show", "not connected")
        try:
            channel = transport.open_session(timeout=self._timeout)
            try:
                channel.exec_command(shlex.join(command.split()))
                out, err = _read(channel, time.monotonic() + self._timeout)
                code = channel.recv_exit_status()
            finally:
                channel.close()
        except Exception as error:
            raise self._explained(error, "show") from error
        if code:
            said = " ".join(err.split()) or f"it ended with code {code}"
            raise DeviceError(name, "show", f"{command}: {said}")
        return out

    def _explained(self, error: Exception, phase: str) -> Exception:
        import paramiko

        end = self.endpoint
        if isinstance(error, TimeoutError):
            return Unreachable(end.device, phase, f"no answer within {self._timeout} s")
        if isinstance(error, paramiko.SSHException):
            return Unreachable(end.device, phase, one_line(error))
        return login_error(error, end.device, phase, end.known_hosts) or error


def _read(channel: Any, until: float) -> tuple[str, str]:
    """Both outputs, to their ends."""
    parts: dict[str, bytearray] = {"out": bytearray(), "err": bytearray()}
    for part, receive in (("out", channel.recv), ("err", channel.recv_stderr)):
        while True:
            channel.settimeout(max(until - time.monotonic(), 0.001))
            piece = receive(1 << 16)
            if not piece:
                break
            parts[part] += piece
            if len(parts[part]) > _LONGEST:
                raise EOFError(f"more than {_LONGEST} bytes without an end")
    return parts["out"].decode("utf-8", "replace"), parts["err"].decode("utf-8", "replace")
