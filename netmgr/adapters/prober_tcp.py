"""A sign of life over TCP: the management port is open, and an SSH server says that it is one. No login.

A kernel whose SSH server hangs still accepts connections, so the server's identification is waited for (RFC 4253, 4.2).
"""

import asyncio
import errno
import os
import socket
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from netmgr.errors import DeviceError
from netmgr.model.endpoint import Endpoint
from netmgr.model.probe import Probed
from netmgr.platforms.form import PlatformForm

if TYPE_CHECKING:
    from netmgr.adapters.jump_hosts import JumpHosts

#: What a server may say before its identification: more of it is no SSH server.
_LINES, _LIMIT = 50, 8192
#: What says of this machine, not of the device, that nothing was asked.
_OURS: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EADDRNOTAVAIL})


class TcpProber:
    """See ``netmgr.ports.prober.Prober``. ``workers`` devices are asked at a time.

    Devices behind jump hosts are asked from there, which takes a login on the jump host. Where that fails nothing is
    known of them.
    """

    def __init__(self, forms: Mapping[str, PlatformForm], *, workers: int) -> None:
        self._forms, self._workers = forms, workers

    def probe(self, endpoints: Iterable[Endpoint], timeout: int) -> Mapping[str, Probed]:
        """Those that are reached directly at once, then those behind jump hosts."""
        every = tuple(endpoints)
        direct = [end for end in every if not end.jump]
        behind = [end for end in every if end.jump]
        found = asyncio.run(self._direct(direct, timeout)) if direct else {}
        return {**found, **(self._behind(behind, timeout) if behind else {})}

    async def _direct(self, endpoints: list[Endpoint], timeout: int) -> dict[str, Probed]:
        free = asyncio.Semaphore(self._workers)

        async def one(end: Endpoint) -> Probed:
            async with free:
                return await _asked(end, timeout, banner=not self._forms[end.platform].https)

        answers = await asyncio.gather(*map(one, endpoints))
        return {end.device: answer for end, answer in zip(endpoints, answers, strict=True)}

    def _behind(self, endpoints: list[Endpoint], timeout: int) -> dict[str, Probed]:
        from netmgr.adapters.jump_hosts import JumpHosts
        from netmgr.adapters.nornir_fleet import in_parallel

        jumps = JumpHosts(timeout)
        by_name = {end.device: end for end in endpoints}
        try:
            for ways in jumps.closed(end.jump for end in endpoints):
                in_parallel(ways, jumps.open, workers=self._workers)

            def one(device: str) -> Probed:
                end = by_name[device]
                return _through(jumps, end, timeout, banner=not self._forms[end.platform].https)

            answers = in_parallel(by_name, one, workers=self._workers)
        finally:
            jumps.close()
        return {
            device: Probed("unknown", answer.message) if isinstance(answer, DeviceError) else answer
            for device, answer in answers.items()
        }


async def _asked(end: Endpoint, timeout: int, *, banner: bool) -> Probed:
    """A connection of our own, closed as soon as it has said enough."""
    where = f"{end.hostname}:{end.port}"
    writer: asyncio.StreamWriter | None = None
    try:
        async with asyncio.timeout(timeout):
            reader, writer = await asyncio.open_connection(end.hostname, end.port, limit=_LIMIT)
            if not banner:
                return Probed("up")
            for _ in range(_LINES):
                line = await reader.readline()
                if line.startswith(b"SSH-"):
                    return Probed("up")
                if not line:
                    return Probed("down", f"{where}: the connection was closed")
            return Probed("down", f"{where}: it is no SSH server")
    except TimeoutError:
        return Probed("down", f"{where}: no answer within {timeout} s")
    except ValueError:  # a line without an end
        return Probed("down", f"{where}: it is no SSH server")
    except socket.gaierror as error:
        return Probed("unknown", f"{end.hostname}: {error.strerror}")
    except OSError as error:
        why = f"{where}: {_why(error)}"
        return Probed("unknown" if _is_ours(error, end) else "down", why)
    finally:
        if writer is not None:
            writer.transport.abort() if banner else writer.close()


def _why(error: OSError) -> str:
    """In the system's words: asyncio puts its own in their place."""
    return os.strerror(error.errno) if error.errno else " ".join(str(error).split())


def _is_ours(error: OSError, end: Endpoint) -> bool:
    """Whether it is this machine that cannot ask: it has nothing left, or no route to anywhere near."""
    if error.errno in _OURS:
        return True
    return error.errno == errno.ENETUNREACH and not _routed(end)


def _routed(end: Endpoint) -> bool:
    """Whether this machine's own table has a way: a router elsewhere may say the same of its own. Sends nothing."""
    for family, kind, protocol, _, address in socket.getaddrinfo(
        end.hostname, end.port, type=socket.SOCK_DGRAM
    ):
        with suppress(OSError), socket.socket(family, kind, protocol) as trial:
            trial.connect(address)
            return True
    return False


def _through(jumps: "JumpHosts", end: Endpoint, timeout: int, *, banner: bool) -> Probed:
    """A channel from the last jump host. Raises a DeviceError where the jump host is what does not answer."""
    from netmgr.adapters.jump_hosts import NothingBehind

    try:
        channel: Any = jumps.channel(end.jump, end, end.device)
    except NothingBehind as error:
        return Probed("down", error.message)
    where = f"{end.hostname}:{end.port}"
    try:
        channel.settimeout(timeout)
        if not banner or b"SSH-" in channel.recv(_LIMIT):
            return Probed("up")
        return Probed("down", f"{where}: it is no SSH server")
    except OSError:  # TimeoutError too
        return Probed("down", f"{where}: no answer within {timeout} s")
    finally:
        channel.close()
