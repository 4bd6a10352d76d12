"""A command line over SSH, with SCP beside it, for devices that are spoken to as people speak to them.

A line that comes while the one before is being done is echoed when its turn comes, as terminals of such devices do. The
faults of ``netmgr.lab.emulated.faults`` happen here, around each command; ``login`` and ``scp NAME`` are commands too.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Protocol

import asyncssh
from asyncssh.misc import MaybeAwait

from netmgr.lab.emulated.device import EmulatedDevice
from netmgr.lab.emulated.engine import Door
from netmgr.lab.emulated.faults import Fault

LOOPBACK = "127.0.0.1"
_MORE = b" --More-- "
_FLOOD_LINE = b"<script>alert(1)</script> {{7*7}} \x1b[31m" + b"x" * 960 + b"\r\n"
#: What a server offers: enough for every client, without the exchange that costs most (RFC 9370's hybrids).
_KEX = "curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,diffie-hellman-group14-sha256"


class Session(Protocol):
    """One login, as its operating system answers it."""

    closed: bool
    length: int

    @property
    def prompt(self) -> str:
        """What stands before the cursor."""

    def command(self, line: str) -> str:
        """The answer to one line."""


class CommandLine(Protocol):
    """What the front end needs of an engine. ``files`` is where SCP puts files."""

    files: Path

    @property
    def device(self) -> EmulatedDevice[Any]:
        """The device's state."""

    def drift(self, text: str) -> None:
        """Somebody else types these lines."""

    def session(self, user: str) -> Session:
        """A new login."""

    def greeting(self) -> str:
        """What stands before the first prompt."""

    def admits(self) -> bool:
        """Whether the configuration lets anybody in."""

    def takes_files(self) -> bool:
        """Whether its SCP server runs."""

    def refused(self, line: str) -> str:
        """What it prints for a line that it does not take."""


async def serve(
    engine: CommandLine, door: Door, *, latency: float = 0.0, port: int = 0, host: str = LOOPBACK
) -> int:
    """Answer on a port of loopback, as long as the process lasts. ``latency`` in seconds before each answer."""
    logging.getLogger("asyncssh").setLevel(logging.ERROR)
    connections: set[asyncssh.SSHServerConnection] = set()

    def server() -> "_Server":
        return _Server(engine, door, connections)

    def watch() -> None:
        """A change that takes the way in away ends who is there."""
        if not engine.admits():
            for connection in list(connections):
                connection.abort()

    async def shell(process: "asyncssh.SSHServerProcess[bytes]") -> None:
        await _Shell(engine, process, latency).run()

    engine.device.changed.append(watch)
    acceptor = await asyncssh.create_server(
        server,
        host,
        port,
        server_host_keys=[asyncssh.import_private_key(door.host_key)],
        process_factory=shell,
        sftp_factory=lambda channel: _Files(channel, engine),
        allow_scp=True,
        line_editor=False,
        encoding=None,
        kex_algs=_KEX.split(","),
        compression_algs=["none"],
        login_timeout=120,
    )
    return int(acceptor.get_port())


class _Server(asyncssh.SSHServer):
    """One connection: who may log in."""

    def __init__(
        self, engine: CommandLine, door: Door, connections: set[asyncssh.SSHServerConnection]
    ) -> None:
        self._engine, self._door, self._connections = engine, door, connections
        self._connection: asyncssh.SSHServerConnection | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        device = self._engine.device
        if not self._engine.admits() or device.meet("connect", "cut", "reject"):
            conn.abort()
            return
        self._connections.add(conn)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncssh's own name
        if self._connection:
            self._connections.discard(self._connection)

    async def begin_auth(self, username: str) -> bool:
        device = self._engine.device
        if device.meet("login", "hang"):
            await asyncio.sleep(3600)
        device.transcript.heard(f"login {username}")
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        device = self._engine.device
        device.note("password offered")
        if device.meet("login", "reject"):
            return False
        return (username, password) == (self._door.user, self._door.password)

    def public_key_auth_supported(self) -> bool:
        return bool(self._door.login_key)

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        if self._engine.device.meet("login", "reject"):
            return False
        return username == self._door.user and key == asyncssh.import_public_key(self._door.login_key)


class _Files(asyncssh.SFTPServer):
    """The flash, as SCP sees it: one directory."""

    def __init__(self, channel: "asyncssh.SSHServerChannel[bytes]", engine: CommandLine) -> None:
        super().__init__(channel)
        self._engine = engine
        self._halved: set[int] = set()
        """Open files of which only a half arrives."""

    def map_path(self, path: bytes) -> bytes:
        name = path.rpartition(b":")[2].rpartition(b"/")[2]
        return bytes(self._engine.files / name.decode("utf-8", "surrogateescape"))

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        name = path.rpartition(b"/")[2].decode("utf-8", "replace")
        device = self._engine.device
        if not self._engine.takes_files():
            raise asyncssh.SFTPPermissionDenied("Administratively disabled.")
        if fault := device.meet(f"scp {name}", "reject"):
            raise asyncssh.SFTPFailure(fault.text or "No space left on device")
        device.note("file", name=name)
        opened = super().open(path, pflags, attrs)
        if device.meet(f"scp {name}", "truncate"):
            self._halved.add(id(opened))
        return opened

    def write(self, file_obj: object, offset: int, data: bytes) -> MaybeAwait[int]:
        return super().write(
            file_obj, offset, data[: len(data) // 2] if id(file_obj) in self._halved else data
        )


class _Shell:
    """One terminal."""

    def __init__(
        self, engine: CommandLine, process: "asyncssh.SSHServerProcess[bytes]", latency: float
    ) -> None:
        self._engine, self._process, self._latency = engine, process, latency
        self._session = engine.session(str(process.get_extra_info("username")))
        self._typed, self._unsent = b"", bytearray()

    async def run(self) -> None:
        """Until the session ends or nobody is there any more."""
        try:
            if command := self._process.command:
                self._session.length = 0  # nobody is there to turn pages
                await self._do(command)
            else:
                self._write(b"\r\n" + _lines(self._engine.greeting()) + self._session.prompt.encode())
                async for line in self._typed_lines():
                    await self._do(line)
                    if self._session.closed:
                        break
                    self._write(self._session.prompt.encode())
            self._flush()
            self._process.exit(0)
        except (_Cut, asyncssh.BreakReceived, ConnectionError):
            self._flush()
            self._process.channel.get_connection().abort()

    async def _typed_lines(self) -> AsyncIterator[str]:
        """Lines, each echoed when it is its turn. A carriage return, a line feed or both end one."""
        line, after_return = bytearray(), False
        while True:
            for at in range(len(self._typed)):
                byte = self._typed[at : at + 1]
                if byte in b"\r\n":
                    if byte == b"\n" and after_return and not line:
                        after_return = False
                        continue
                    self._typed, after_return = self._typed[at + 1 :], byte == b"\r"
                    self._write(bytes(line) + b"\r\n")
                    yield line.decode("utf-8", "replace")
                    line.clear()
                    break
                after_return = False
                if byte in b"\x08\x7f":
                    del line[-1:]
                elif byte == b"\x1a":
                    line[:] = b"end"
                elif byte != b"\x00":
                    line += byte
            else:
                self._typed = b""
                more = await self._read()
                if not more:
                    return
                self._typed = more

    async def _read(self) -> bytes:
        self._flush()
        while True:
            try:
                return await self._process.stdin.read(65536)
            except asyncssh.TerminalSizeChanged:
                continue

    async def _do(self, line: str) -> None:
        """Do one command, with what goes wrong around it."""
        device, command = self._engine.device, line.strip()
        if command and self._latency:
            self._flush()
            await asyncio.sleep(self._latency)
        if command:
            device.transcript.heard(command)
        answer, after = await self._answer(line, command)
        await self._send(_lines(answer), after)

    async def _answer(self, line: str, command: str) -> tuple[str, Fault | None]:
        device = self._engine.device
        if fault := device.meet(command, "drift", "expire", "cut", "hang") if command else None:
            match fault.what:
                case "drift":
                    self._engine.drift(fault.text)
                case "expire":
                    device.revert("expired")
                case "cut":
                    raise _Cut
                case "hang":
                    self._flush()
                    await asyncio.sleep(3600)
        if fault := device.meet(command, "reject", "ignore", "answer") if command else None:
            if fault.what == "reject":
                return fault.text or self._engine.refused(command), None
            return fault.text, None
        before = device.running
        answer = self._session.command(line)
        after = (
            device.meet(command, "lost", "truncate", "flood", "drip", "noise", "revert") if command else None
        )
        if after and after.what == "revert":
            device.run(before, "reverted by itself")
        if after and after.what == "lost":
            raise _Cut
        return answer, after

    async def _send(self, answer: bytes, fault: Fault | None) -> None:
        if fault is None:
            await self._paged(answer)
            return
        match fault.what:
            case "truncate":
                self._write(answer[: len(answer) // 2])
                self._flush()
                await self._process.stdout.drain()
                raise _Cut
            case "flood":
                for _ in range(fault.amount * 1_000_000 // len(_FLOOD_LINE)):
                    self._write(_FLOOD_LINE)
                    self._flush()
                    await self._process.stdout.drain()
            case "drip":
                for at in range(len(answer)):
                    self._write(answer[at : at + 1])
                    self._flush()
                    await asyncio.sleep(1)
            case "noise":
                half = answer.find(b"\r\n", len(answer) // 2) + 2
                self._write(answer[:half] + _lines(fault.text) + answer[half:])
            case _:
                await self._paged(answer)

    async def _paged(self, answer: bytes) -> None:
        """A page at a time, unless the terminal has no length."""
        rows = answer.split(b"\r\n")
        page = self._session.length - 1
        if page <= 0 or len(rows) <= page + 1:
            self._write(answer)
            return
        while len(rows) > page + 1:
            self._write(b"\r\n".join(rows[:page]) + b"\r\n" + _MORE)
            rows = rows[page:]
            key = self._typed[:1] or (await self._read())[:1]
            self._typed = self._typed[1:]
            self._write(b"\x08" * len(_MORE) + b" " * len(_MORE) + b"\x08" * len(_MORE))
            if key in (b"q", b""):
                return
            page = 1 if key in (b"\r", b"\n") else self._session.length - 1
        self._write(b"\r\n".join(rows))

    def _write(self, data: bytes) -> None:
        if data:
            self._engine.device.transcript.said(data.decode("utf-8", "replace").strip())
            self._unsent += data

    def _flush(self) -> None:
        """Send what was written: the echo, the answer and the prompt go together where nothing comes between."""
        if self._unsent:
            self._process.stdout.write(bytes(self._unsent))
            self._unsent.clear()


class _Cut(Exception):
    """The connection ends here."""


def _lines(text: str) -> bytes:
    """As a terminal gets it."""
    return text.replace("\n", "\r\n").encode("utf-8", "surrogateescape")
