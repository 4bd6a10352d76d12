"""A lab's control channel: a socket in its private directory, for the console and for what tests do from outside.

One JSON object on a line is asked, one answered: ``{"ask": WHAT, "device": NAME, …}`` → ``{"answer": …}`` or
``{"error": …}``. Linux limits a socket's path to 107 characters; through a descriptor of its directory any will do.
"""

import asyncio
import json
import os
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netmgr.lab.emulated.faults import Fault

if TYPE_CHECKING:
    from netmgr.lab.emulated.host import Host

SOCKET = "control"
#: Seconds within which an answer must come.
_LIMIT = 30.0


async def serve_control(host: "Host") -> None:
    """Answer from now on."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            try:
                answer = {"answer": _answer(host, json.loads(line))}
            except Exception as error:  # noqa: BLE001 - the asker's mistake is the asker's answer
                answer = {"error": f"{type(error).__name__}: {error}"}
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()
        writer.close()

    with _short(host.directory) as path:
        await asyncio.start_unix_server(connected, path, limit=2**26)


def _answer(host: "Host", question: dict[str, Any]) -> Any:
    what = question.pop("ask")
    name = question.pop("device")
    if what == "devices":
        return sorted(host.engines)
    if name not in host.engines:
        raise LookupError(f"no emulated device {name}")
    if what == "certificate":
        from netmgr.lab.emulated.pki import load_certificate

        certified = host.authority.certify(name, question["address"], question["kind"])
        return load_certificate(host.doors[name].tls, certified, host.directory)
    if what == "routes":
        return [str(prefix) for prefix in host.state.routes(name)]
    if what not in _ANSWERS:
        raise LookupError(f"no question {what}")
    return _ANSWERS[what](host.engines[name], **question)


_ANSWERS: Mapping[str, Callable[..., Any]] = {
    "execute": lambda engine, line: engine.execute(line),
    "drift": lambda engine, text: engine.drift(text),
    "reset": lambda engine, text: engine.reset(text),
    "reboot": lambda engine: engine.device.reboot(),
    "version": lambda engine, version: setattr(engine, "version", version),
    "expire": lambda engine: engine.device.revert("expired"),
    "save": lambda engine: engine.device.save(),
    "running": lambda engine: engine.device.running_text,
    "startup": lambda engine: engine.device.startup_text,
    "transcript": lambda engine: list(engine.device.transcript.lines),
    "fault": lambda engine, fault: engine.device.faults.waiting.append(Fault.from_json(fault)),
    "no faults": lambda engine: engine.device.faults.waiting.clear(),
}
"""What can be asked of an engine, with the names of what is asked with it."""


class Control:
    """The other end, for other processes. Raises OSError where no lab answers in ``directory``."""

    def __init__(self, directory: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(_LIMIT)
        with _short(directory) as path:
            self._socket.connect(path)
        self._lines = self._socket.makefile("rb")

    def ask(self, what: str, device: str = "", **more: Any) -> Any:
        """One question. Raises LookupError with what the lab says of one that it cannot answer."""
        self._socket.sendall(json.dumps({"ask": what, "device": device, **more}).encode() + b"\n")
        line = self._lines.readline()
        if not line:
            raise ConnectionError("the lab has ended")
        answer = json.loads(line)
        if "error" in answer:
            raise LookupError(answer["error"])
        return answer["answer"]

    def close(self) -> None:
        """No more questions."""
        self._lines.close()
        self._socket.close()


@contextmanager
def _short(directory: Path) -> Iterator[str]:
    """The socket's path, short whatever the directory is called."""
    descriptor = os.open(directory, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}/{SOCKET}"
    finally:
        os.close(descriptor)
