"""One SSH connection to a router and, on it, one running copy of the program: requests in, answers out.

Host keys are always verified. The program is started once; its digest is checked by the line that starts it, and it
is sent first where the router does not have it. Every step has a time limit. A broken session stays broken.
"""

from __future__ import annotations

import json
import shlex
import time
from typing import Any

import paramiko
from napalm.base.exceptions import (
    ConnectionClosedException,
    ConnectionException,
    ConnectTimeoutError,
)

from napalm_frr.bundle import bundle
from napalm_frr.errors import NotFrrError, PrivilegeError
from napalm_frr.login import Login, connect, explained

_SEND, _READY = b"netmgr-frr send", b"netmgr-frr ready "
_LONGEST_ANSWER = 256 << 20  # bytes
_CHATTER = 200  # lines that a login may print before the program speaks

# Runs before the program, to find out whether the router has it unchanged; fetches it from standard input if not.
_STARTER = """
import os, sys
where, version, size = sys.argv[1], sys.argv[2], int(sys.argv[3])
try:
    from _sha2 import sha256
except ImportError:
    try:
        from _sha256 import sha256
    except ImportError:
        from hashlib import sha256
name = "netmgr_frr_" + version[:16]
path = os.path.join(where, name + ".py")
def unchanged():
    try:
        with open(path, "rb") as file:
            return sha256(file.read()).hexdigest() == version
    except OSError:
        return False
try:
    os.umask(0o077)
    if not unchanged():
        print("netmgr-frr send", flush=True)
        content = sys.stdin.buffer.read(size)
        os.makedirs(where, 0o700, exist_ok=True)
        with open(path + ".new", "wb") as file:
            os.fchmod(file.fileno(), 0o700)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.rename(path + ".new", path)
    owner = os.stat(where)
    if owner.st_uid != os.geteuid() or owner.st_mode & 0o022:
        sys.exit(where + " is writable by others")
    if not unchanged():
        sys.exit(path + " is not what was sent")
except OSError as error:
    sys.exit("cannot install the program: " + str(error))
sys.path.insert(0, where)
__import__(name).serve(where)
"""


class Session:
    """An open session. Made by ``open_session``."""

    def __init__(self, login: Login, client: paramiko.SSHClient) -> None:
        self.login = login
        self._client = client
        self._received = bytearray()
        self._channel = self._transport().open_session(timeout=login.timeout)

    def start(self) -> None:
        """Start the program, sending it first where the router does not have this version."""
        program = bundle()
        arguments = (self.login.program_dir, program.digest, str(len(program.content)))
        words = shlex.join(["-I", "-S", "-c", _STARTER, *arguments])
        sudo = "sudo -n " if self.login.sudo else ""
        self._channel.settimeout(self.login.timeout)
        self._channel.exec_command(f"P=/usr/bin/python3; test -x $P || P=python3; exec {sudo}$P {words}")
        until = time.monotonic() + self.login.timeout
        line: bytes | None = b""
        for _ in range(_CHATTER):
            said = line
            try:
                line = self._line(until)
            except TimeoutError:
                raise self._too_slow(said or b"") from None
            if line is None:
                raise self._did_not_start()
            if line == _SEND:
                self._channel.sendall(program.content)
            elif line.startswith(_READY):
                return self._judge(json.loads(line[len(_READY) :]))
        raise NotFrrError(
            f"{self.login.where}: the login prints more than {_CHATTER} lines and no program starts"
        )

    def request(self, operation: str, limit: float, **parameters: object) -> dict[str, Any]:
        """Ask the program for something and wait for its answer, ``limit`` seconds at most.

        Raises ``ConnectionClosedException`` when no answer comes: whether the program did it is then not known.
        """
        question = json.dumps({"op": operation, **parameters}).encode() + b"\n"
        try:
            self._channel.settimeout(self.login.timeout)
            self._channel.sendall(question)
            answer = self._line(time.monotonic() + limit)
        except (OSError, EOFError, paramiko.SSHException) as error:
            self.close()
            reason = str(error) or type(error).__name__
            raise ConnectionClosedException(
                f"{self.login.where}: {operation}: no answer: {reason}"
            ) from error
        if answer is None:
            self.close()
            raise ConnectionClosedException(f"{self.login.where}: {operation}: the connection was closed")
        found: dict[str, Any] = json.loads(answer)
        return found

    def alive(self) -> bool:
        """Whether the program still answers. Never reconnects."""
        if self._channel.closed:
            return False
        try:
            self.request("ping", limit=min(self.login.timeout, 10))
        except ConnectionException:
            return False
        return True

    def close(self) -> None:
        """Close the connection. A pending commit stays pending: its timer is on the router."""
        self._client.close()

    def _transport(self) -> paramiko.Transport:
        transport = self._client.get_transport()
        if transport is None:
            raise ConnectionClosedException(f"{self.login.where}: not connected")
        return transport

    def _line(self, until: float) -> bytes | None:
        searched = 0
        while (end := self._received.find(b"\n", searched)) < 0:
            searched = len(self._received)
            if searched > _LONGEST_ANSWER:
                raise OSError(f"more than {_LONGEST_ANSWER} bytes without an end")
            self._channel.settimeout(max(until - time.monotonic(), 0.001))
            piece = self._channel.recv(1 << 16)
            if not piece:
                return None
            self._received += piece
        line = bytes(self._received[:end])
        del self._received[: end + 1]
        return line

    def _judge(self, found: dict[str, Any]) -> None:
        if found["missing"]:
            raise NotFrrError(f"{self.login.where}: not an FRR router: no {found['missing'][0]}")
        if not found["root"]:
            raise PrivilegeError(
                f"{self.login.where}: {self.login.username} is not root: set optional_args sudo, or log in as root"
            )

    def _too_slow(self, said: bytes) -> ConnectTimeoutError:
        last = (bytes(self._received) or said).decode("utf-8", "replace").strip()
        printed = f"; the login printed {last[:80]!r}" if last else ""
        limit = self.login.timeout
        return ConnectTimeoutError(f"{self.login.where}: no program starts within {limit:g} s{printed}")

    def _did_not_start(self) -> ConnectionException:
        self._channel.settimeout(self.login.timeout)
        said = self._channel.makefile_stderr("rb").read(4096).decode("utf-8", "replace").strip()
        last = said.splitlines()[-1] if said else "no reason given"
        if "sudo:" in said:
            return PrivilegeError(f"{self.login.where}: sudo refuses: {last}")
        if "python3" in said and "not found" in said:
            return NotFrrError(f"{self.login.where}: no python3 on the device")
        return NotFrrError(f"{self.login.where}: the program does not start: {last}")


def open_session(login: Login) -> Session:
    """Connect, verify the host key, log in and start the program.

    Raises what ``connect`` raises, ``NotFrrError`` or ``PrivilegeError``.
    """
    client = connect(login)
    try:
        session = Session(login, client)
        session.start()
    except Exception as error:
        client.close()
        raise explained(login, error) from error
    return session
