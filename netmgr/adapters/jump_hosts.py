"""Jump hosts: one SSH connection to each for a whole run, and through it a channel for every device behind it."""

import socket
from collections.abc import Iterable
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from netmgr.adapters.ssh_login import login_error, login_of
from netmgr.errors import DeviceError, Unreachable
from netmgr.model.endpoint import Hop, Login, Way

if TYPE_CHECKING:
    from collections.abc import Iterator

    from paramiko import Channel, SSHClient, Transport

#: RFC 4254, 5.1: why a server does not open a channel.
_PROHIBITED, _CONNECT_FAILED = 1, 2
_ASKED_AGAIN = 3


class NothingBehind(Unreachable):
    """The jump host is there, and has tried: what is behind it does not answer."""


class JumpHosts:
    """The open connections, by the way that leads to each. ``timeout`` in seconds, for each step.

    ``open`` is for one thread at a time for each way, ``channel`` for any number at once.
    """

    def __init__(self, timeout: int) -> None:
        self._timeout = timeout
        self._clients: dict[Way, SSHClient] = {}
        self._failures: dict[Way, DeviceError] = {}

    def closed(self, ways: Iterable[Way]) -> list[list[Way]]:
        """What has to be opened for ``ways``: the ways of length one, of length two … that are not open now."""
        wanted = {way[:length] for way in ways for length in range(1, len(way) + 1)}
        longest = max(map(len, wanted), default=0)
        return [
            sorted((way for way in wanted if len(way) == length and not self._alive(way)), key=str)
            for length in range(1, longest + 1)
        ]

    def open(self, way: Way) -> None:
        """Log in to the last jump host of ``way``, through those before it. A failure is kept for who needs the way."""
        from napalm_frr.login import connect

        hop = way[-1]
        if stale := self._clients.pop(way, None):
            stale.close()
        self._failures.pop(way, None)
        try:
            sock = self.channel(way[:-1], hop, hop.name)
            client = connect(login_of(hop, self._timeout, sock, hop.name))
        except Exception as error:
            failure = login_error(error, hop.name, "connect", hop.known_hosts)
            if failure is None:
                raise
            self._failures[way] = failure
            return
        self._clients[way] = client
        _give_up_when_silent(client.get_transport(), self._timeout)

    def channel(self, way: Way, to: Login, name: str) -> "Channel | None":
        """A connection to ``to`` from the end of ``way``; None where the way is empty.

        Raises a DeviceError of ``name`` that says which jump host does not let it through, and why.
        """
        if not way:
            return None
        hop = way[-1]
        if failure := self._failures.get(way):
            kind = Unreachable if isinstance(failure, NothingBehind) else type(failure)
            raise kind(name, "connect", _said(hop, failure))
        where = f"{to.hostname}:{to.port}"
        with _refusals(name, f"jump {hop.name}", where, self._timeout):
            transport = self._clients[way].get_transport() if way in self._clients else None
            if transport is None:
                raise EOFError("not open")
            return _opened(transport, (to.hostname, to.port), self._timeout)

    def close(self) -> None:
        """Close every connection, the farthest first."""
        for way in sorted(self._clients, key=len, reverse=True):
            self._clients.pop(way).close()

    def _alive(self, way: Way) -> bool:
        transport = self._clients[way].get_transport() if way in self._clients else None
        return transport is not None and transport.is_active()


def _opened(transport: "Transport", to: tuple[str, int], timeout: int) -> "Channel":
    """A forwarded connection. Where paramiko lost the server's reason, because it refused two at once, ask again."""
    from paramiko import ChannelException, SSHException

    for _ in range(_ASKED_AGAIN):
        try:
            return transport.open_channel("direct-tcpip", to, ("127.0.0.1", 0), timeout=timeout)
        except ChannelException:
            raise
        except SSHException as error:
            if str(error) != "Unable to open channel." or not transport.is_active():
                raise
    return transport.open_channel("direct-tcpip", to, ("127.0.0.1", 0), timeout=timeout)


def _said(hop: Hop, failure: DeviceError) -> str:
    """The failure as the devices behind the jump host tell it: which one, then why."""
    message = failure.message
    if message.startswith("jump "):  # of one before it
        return message
    for address in (f"{hop.hostname}:{hop.port}: ", f"{hop.host_key_name}: "):
        message = message.removeprefix(address)
    return f"jump {hop.name}: {message}"


@contextmanager
def _refusals(name: str, jump: str, where: str, timeout: int) -> "Iterator[None]":
    from paramiko import ChannelException, SSHException

    try:
        yield
    except ChannelException as error:
        if error.code == _PROHIBITED:
            why = f"it refuses to forward to {where}; AllowTcpForwarding and PermitOpen decide there"
        elif error.code == _CONNECT_FAILED:
            why = f"it cannot reach {where}"
        else:
            why = f"it opens no connection to {where} ({error.text})"
        kind = NothingBehind if error.code == _CONNECT_FAILED else Unreachable
        raise kind(name, "connect", f"{jump}: {why}") from error
    except (SSHException, EOFError, OSError) as error:
        timed_out = "timeout" in str(error).lower()
        why = (
            f"no answer from {where} within {timeout} s"
            if timed_out
            else f"the connection to it broke: {error}"
        )
        kind = NothingBehind if timed_out else Unreachable
        raise kind(name, "connect", f"{jump}: {why.removesuffix(': ')}") from error


def _give_up_when_silent(transport: "Transport | None", seconds: int) -> None:
    """Let the kernel end the connection when what was sent is not acknowledged for that long.

    A jump host that is gone must be noticed by the next login, not after TCP's quarter of an hour.
    """
    sock: Any = transport.sock if transport else None
    if isinstance(sock, socket.socket):
        with suppress(OSError):  # not Linux: keepalives will tell, later
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, seconds * 1000)
