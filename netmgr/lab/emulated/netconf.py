"""NETCONF over SSH (RFC 6241, 6242): the front end of emulated devices that are managed so.

Both framings: the end mark of version 1.0, and chunks where both ends speak 1.1. Faults happen here, around an
operation, so that an engine need not know of them.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar
from xml.etree import ElementTree as ET

import asyncssh

from netmgr.lab.emulated.device import EmulatedDevice
from netmgr.lab.emulated.engine import Door
from netmgr.lab.emulated.faults import Fault

BASE_1_0 = "urn:ietf:params:netconf:base:1.0"
BASE_1_1 = "urn:ietf:params:netconf:base:1.1"
_NAMESPACE = "urn:ietf:params:xml:ns:netconf:base:1.0"
_END = b"]]>]]>"
_CHUNK = re.compile(rb"\n#(\d+)\n")
_END_OF_CHUNKS = b"\n##\n"
#: Longer requests are none.
_LONGEST = 64_000_000

S = TypeVar("S")


class Operations(Protocol[S]):
    """What one device answers over NETCONF. ``S`` is its kind of session."""

    device: EmulatedDevice[Any]

    def capabilities(self) -> Sequence[str]:
        """What it says that it can, one of the base versions at least."""

    def reachable(self) -> bool:
        """Whether its configuration lets anybody in."""

    def begin(self, user: str) -> tuple[S, int]:
        """A session, and its number."""

    def end(self, session: S) -> None:
        """The session is over, however it ended."""

    def spoken(self, request: ET.Element) -> str:
        """One line that says what is asked."""

    def answer(self, session: S, attributes: dict[str, str], request: ET.Element) -> str:
        """The whole reply."""

    def plain(self, attributes: dict[str, str], fault: Fault) -> str:
        """The reply in which the device refuses, claims to have done it, or says what the fault says."""

    def drift(self, text: str) -> None:
        """Somebody else changes what runs."""

    def go_back(self) -> None:
        """What ran before runs again, for no reason that anybody is told."""


@dataclass(slots=True)
class _Cut(Exception):
    """The connection ends, after what may still be sent."""

    last: bytes = b""


async def serve_netconf(operations: Operations[S], door: Door) -> int:
    """Serve on loopback; the answer is the port."""
    process = _Process(operations).run
    server = await asyncssh.listen(
        "127.0.0.1",
        0,
        server_factory=lambda: _Server(operations, door),
        server_host_keys=[asyncssh.import_private_key(door.host_key)],
        process_factory=process,
        encoding=None,
        line_editor=False,
        keepalive_interval=30,
    )
    return int(server.get_port())


class _Server(asyncssh.SSHServer):
    """Who may log in. What was offered is noted: whether a password came is what trust is about."""

    def __init__(self, operations: Operations[Any], door: Door) -> None:
        self._operations, self._door = operations, door
        self._key = asyncssh.import_public_key(door.login_key)

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Refused where the configuration lets nobody in, or a fault says that there are too many already."""
        if not self._operations.reachable() or self._operations.device.meet("login", "cut"):
            self._operations.device.note("refused")
            conn.abort()

    def begin_auth(self, username: str) -> bool:
        """Always."""
        self._operations.device.note("login", user=username)
        return True

    def public_key_auth_supported(self) -> bool:
        """Yes."""
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        """The lab's own."""
        right = username == self._door.user and key == self._key
        self._operations.device.note("key", right=right)
        return right

    def password_auth_supported(self) -> bool:
        """Yes."""
        return True

    def validate_password(self, username: str, password: str) -> bool:
        """The lab's own."""
        right = (username, password) == (self._door.user, self._door.password)
        self._operations.device.note("password", right=right)
        return right


class _Process(Generic[S]):
    """One SSH session: the subsystem ``netconf``, nothing else."""

    def __init__(self, operations: Operations[S]) -> None:
        self._operations = operations

    async def run(self, process: "asyncssh.SSHServerProcess[bytes]") -> None:
        """From hello to the end."""
        if process.subsystem != "netconf":
            process.stderr.write(b"error: only NETCONF is served here\n")
            process.exit(1)
            return
        user = str(process.get_extra_info("username"))
        session, number = self._operations.begin(user)
        channel = _Channel(process)
        try:
            await self._speak(channel, session, number)
        except _Cut as cut:
            if cut.last:
                process.stdout.write(cut.last)
                await process.stdout.drain()
            process.channel.get_connection().abort()
        except (OSError, asyncssh.Error, asyncio.IncompleteReadError):
            pass
        finally:
            self._operations.end(session)
            process.close()

    async def _speak(self, channel: "_Channel", session: S, number: int) -> None:
        capabilities = self._operations.capabilities()
        hello = "".join(f"<capability>{each}</capability>" for each in capabilities)
        channel.send(
            f'<hello xmlns="{_NAMESPACE}"><capabilities>{hello}</capabilities><session-id>{number}</session-id></hello>'
        )
        async for message in channel.messages():
            root = ET.fromstring(message)  # noqa: S314 - whoever asks has logged in with the lab's own key
            if root.tag.endswith("}hello"):
                theirs = {
                    (each.text or "").strip() for each in root.iter() if each.tag.endswith("}capability")
                }
                channel.chunked = BASE_1_1 in theirs and BASE_1_1 in capabilities
                continue
            if await self._one(channel, session, root):
                return

    async def _one(self, channel: "_Channel", session: S, root: ET.Element) -> bool:
        """One request; True when it was the last."""
        request, attributes = root[0], dict(root.attrib)
        device = self._operations.device
        command = self._operations.spoken(request)
        device.transcript.heard(command)
        if request.tag.endswith("}close-session"):
            channel.send(
                f'<rpc-reply xmlns="{_NAMESPACE}" message-id="{root.get("message-id")}"><ok/></rpc-reply>'
            )
            await channel.drain()
            return True
        answered = self._faulty(
            command, lambda: self._operations.answer(session, attributes, request), attributes
        )
        reply = await channel.unless_closed(answered)
        device.transcript.said(reply)
        if fault := device.meet(command, "drip", "truncate"):
            if fault.what == "truncate":
                raise _Cut(channel.framed(reply)[: len(reply) // 2])
            await channel.drip(reply)
        channel.send(reply)
        await channel.drain()
        return False

    async def _faulty(self, command: str, done: Callable[[], str], attributes: dict[str, str]) -> str:
        """The reply, with whatever goes wrong around the operation."""
        operations, device = self._operations, self._operations.device
        if fault := device.meet(command, "drift", "expire"):
            if fault.what == "drift":
                operations.drift(fault.text)
            else:
                device.revert("expired")
        if fault := device.meet(command, "cut", "hang", "reject", "ignore", "answer", "flood"):
            if fault.what == "cut":
                raise _Cut
            if fault.what == "hang":
                await asyncio.Event().wait()
            return operations.plain(attributes, fault)
        reply = done()
        if fault := device.meet(command, "lost", "revert", "noise"):
            if fault.what == "lost":
                raise _Cut
            if fault.what == "noise":
                return fault.text + reply
            operations.go_back()
        return reply


class _Channel:
    """Messages in and out of one SSH channel."""

    def __init__(self, process: "asyncssh.SSHServerProcess[bytes]") -> None:
        self._process = process
        self.chunked = False
        self._buffer = b""

    def framed(self, message: str) -> bytes:
        """The message as it goes over the wire."""
        data = message.encode("utf-8", "surrogateescape")
        if not self.chunked:
            return data + _END
        pieces = (data[at : at + 4096] for at in range(0, len(data), 4096))
        return b"".join(b"\n#%d\n%s" % (len(piece), piece) for piece in pieces) + _END_OF_CHUNKS

    def send(self, message: str) -> None:
        """Put it on its way."""
        self._process.stdout.write(self.framed(message))

    async def drain(self) -> None:
        """Wait until it may be on its way."""
        await self._process.stdout.drain()

    async def unless_closed(self, answered: "Coroutine[Any, Any, str]") -> str:
        """The answer, if the other end waits for it."""
        done, gone = (
            asyncio.ensure_future(answered),
            asyncio.ensure_future(self._process.channel.wait_closed()),
        )
        await asyncio.wait((done, gone), return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        if not done.done():
            done.cancel()
            raise _Cut
        return await done

    async def drip(self, message: str) -> None:
        """A byte each second, as long as the connection lasts."""
        for octet in self.framed(message):
            self._process.stdout.write(bytes([octet]))
            await self.drain()
            await asyncio.sleep(1)
        raise _Cut

    async def messages(self) -> AsyncIterator[bytes]:
        """Every message that comes in, in the framing that holds when it comes."""
        while True:
            message = await (self._chunks() if self.chunked else self._until_end())
            if message is None:
                return
            yield message

    async def _until_end(self) -> bytes | None:
        while _END not in self._buffer:
            if not await self._more():
                return None
        message, _, self._buffer = self._buffer.partition(_END)
        return message.strip()

    async def _chunks(self) -> bytes | None:
        pieces: list[bytes] = []
        while True:
            if self._buffer.startswith(_END_OF_CHUNKS):
                self._buffer = self._buffer[len(_END_OF_CHUNKS) :]
                return b"".join(pieces)
            match = _CHUNK.match(self._buffer)
            if match and len(self._buffer) >= match.end() + int(match[1]):
                end = match.end() + int(match[1])
                pieces.append(self._buffer[match.end() : end])
                self._buffer = self._buffer[end:]
            elif not await self._more():
                return None

    async def _more(self) -> bool:
        data = await self._process.stdin.read(65_536)
        self._buffer += data
        return bool(data) and len(self._buffer) < _LONGEST
