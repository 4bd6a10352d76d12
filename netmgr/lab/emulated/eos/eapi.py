"""eAPI: JSON-RPC (``runCmds``) over HTTPS. Commands of one request share a command line; the first that fails ends it.

HTTP as far as clients of eAPI speak it: POST with a length to /command-api, basic authentication (RFC 7617).
"""

import asyncio
import base64
import hmac
import json
import traceback
from typing import Any

from netmgr.lab.emulated.engine import Door, Engine
from netmgr.lab.emulated.eos.engine import Cli, Command, CommandError, Encoding, EosEngine
from netmgr.lab.emulated.faults import Fault, What

_LOOPBACK = "127.0.0.1"
_MILLION = 1_000_000
_MOST = 64 * _MILLION
#: Faults of the connection, which the command line knows nothing of.
_WIRE: tuple[What, ...] = ("lost", "cut", "hang", "truncate", "flood", "drip", "noise")
_WORDS = {1000: "could not run command", 1002: "invalid command", 1003: "unconverted command"}


async def serve_eapi(engine: Engine, door: Door) -> int:
    """On a free port of loopback, which is the answer."""
    assert isinstance(engine, EosEngine)  # noqa: S101 - the system gives its own engines to its own front end
    front = _FrontEnd(engine, door)
    server = await asyncio.start_server(front.connected, _LOOPBACK, 0, ssl=door.tls)
    port: int = server.sockets[0].getsockname()[1]
    return port


class _FrontEnd:
    def __init__(self, engine: EosEngine, door: Door) -> None:
        self._engine, self._device = engine, engine.device
        self._more = True
        self._basic = "Basic " + base64.b64encode(f"{door.user}:{door.password}".encode()).decode()

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, of as many requests as the client likes."""
        try:
            while await self._request(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError, ValueError):
            pass  # the client has gone, or speaks something else
        finally:
            writer.transport.abort()

    async def _request(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        line = (await reader.readline()).decode("latin-1").split()
        if not line:
            return False
        headers: dict[str, str] = {}
        while header := (await reader.readline()).decode("latin-1").strip():
            name, _, value = header.partition(":")
            headers[name.strip().lower()] = value.strip()
        length = int(headers.get("content-length", 0))
        if length > _MOST:
            return False
        body = await reader.readexactly(length)
        self._device.journal.note("request", authorized="authorization" in headers)
        if not self._engine.serves:
            return False
        if not hmac.compare_digest(headers.get("authorization", "").encode(), self._basic.encode()):
            said = b"Unable to authenticate user: Bad username/password combination"
            await _send(writer, b"401 Unauthorized", said)
            return True
        if line[:2] != ["POST", "/command-api"]:
            await _send(writer, b"404 Not Found", b"")
            return True
        try:
            return await self._answer(json.loads(body), writer)
        except (OSError, ValueError):
            raise
        except Exception as error:
            self._device.journal.note("defect", error=f"{type(error).__name__}: {error}")
            traceback.print_exc()
            raise

    async def _answer(self, request: dict[str, Any], writer: asyncio.StreamWriter) -> bool:
        answer, fault = self._run(request)
        if fault is None:
            self._more = not self._more  # servers may do either after an answer, and clients take both
            await _send(writer, b"200 OK", json.dumps(answer).encode(), more=self._more)
            if not self._more:
                writer.close()
                await writer.wait_closed()
            return self._more
        body = json.dumps(answer, ensure_ascii=False).encode("utf-8", "surrogateescape")
        match fault.what:
            case "hang":
                await asyncio.sleep(3600)
            case "truncate":
                await _send(writer, b"200 OK", body[: len(body) // 2], length=len(body))
            case "flood":
                await _flood(writer, fault.amount * _MILLION)
            case "drip":
                await _drip(writer, body)
        return False

    def _run(self, request: dict[str, Any]) -> tuple[dict[str, Any], Fault | None]:
        """The JSON-RPC answer, and what keeps the client from getting it."""
        params = request["params"]
        commands: list[Command] = params["cmds"]
        encoding: Encoding = "text" if params.get("format") == "text" else "json"
        cli, results, wire = Cli(self._engine), list[Any](), None
        for number, command in enumerate(commands, start=1):
            words = command["cmd"] if isinstance(command, dict) else command
            fault = self._device.meet(words, *_WIRE)
            if fault and fault.what == "cut":
                return {}, fault
            try:
                result = cli.run(command, encoding)
            except CommandError as error:
                why = f"CLI command {number} of {len(commands)} '{words}' failed: {_WORDS[error.code]}"
                data = [*results, {"errors": [error.reason]}]
                answer = {"code": error.code, "message": why, "data": data}
                return {"jsonrpc": "2.0", "id": request.get("id"), "error": answer}, wire
            if fault and fault.what == "noise":
                result = {**result, "output": fault.text + str(result.get("output", ""))}
            elif fault:
                wire = fault
            results.append(result)
        return {"jsonrpc": "2.0", "id": request.get("id"), "result": results}, wire


async def _send(
    writer: asyncio.StreamWriter, status: bytes, body: bytes, *, length: int | None = None, more: bool = True
) -> None:
    head = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%s\r\n"
    close = b"" if more else b"Connection: close\r\n"
    writer.write(head % (status, len(body) if length is None else length, close) + body)
    await writer.drain()


async def _flood(writer: asyncio.StreamWriter, size: int) -> None:
    await _send(writer, b"200 OK", b'{"jsonrpc": "2.0", "result": [{}, {"output": "', length=size)
    chunk = b"x" * 65536
    for _ in range(size // len(chunk)):
        writer.write(chunk)
        await writer.drain()


async def _drip(writer: asyncio.StreamWriter, body: bytes) -> None:
    await _send(writer, b"200 OK", b"", length=len(body))
    for byte in body:
        writer.write(bytes((byte,)))
        await writer.drain()
        await asyncio.sleep(1)
