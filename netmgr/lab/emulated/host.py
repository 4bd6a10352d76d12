"""The process in which all emulated devices of a lab live. It ends with whoever started it, or once its lab is removed.

Started as ``python -m netmgr.lab.emulated.host DIRECTORY`` with the network as JSON on standard input, so that no
configuration is in argv or in a file. Standard output is one JSON line: ``{"devices": …}`` when every device answers,
else ``{"failed": …}``. The caller answers ``stay`` on standard input; if it ends before, so does the lab. After that
the process lasts as long as its record, ``emulated.json``, has a name.
"""

import asyncio
import json
import os
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from netmgr.lab.emulated.control import serve_control
from netmgr.lab.emulated.engine import Door, Engine, Place
from netmgr.lab.emulated.journal import Journal
from netmgr.lab.emulated.pki import Authority, server_context
from netmgr.lab.emulated.places import CERTIFICATES, IDENTITY, KNOWN_HOSTS, LOOPBACK, PASSWORD, RECORD, USER
from netmgr.lab.emulated.state import LabState, cables
from netmgr.lab.emulated.systems import emulated_platforms, system
from netmgr.lab.frr.keys import new_key
from netmgr.lab.frr.process import Process
from netmgr.model.lab import LabNetwork, LabNode

#: Seconds between two looks at whether the lab's directory is still there.
_LOOK_EVERY = 1.0


class Host:
    """The devices of one lab. ``directory`` is private and there already; ``scale`` is how fast their clocks run."""

    def __init__(self, directory: Path, network: LabNetwork, scale: float) -> None:
        self.directory, self.network, self.scale = directory, network, scale
        self.authority = Authority.new(f"lab of {network.client}")
        self._platforms = emulated_platforms()
        emulated = frozenset(node.device for node in network.nodes if node.platform in self._platforms)
        real = frozenset(node.device for node in network.nodes) - emulated
        self.state = LabState(cables((link.a, link.b) for link in network.links), real)
        self.engines: dict[str, Engine] = {}
        self.doors: dict[str, Door] = {}
        self.ports: dict[str, int] = {}

    async def boot(self) -> Mapping[str, int]:
        """Every device answers on the port given for it. Raises whatever kept one from booting."""
        login, password = new_key(), os.urandom(16).hex()
        self._write(IDENTITY, login.private)
        self._write(PASSWORD, password)
        known = []
        for node in self.network.nodes:
            if node.platform not in self._platforms:
                continue
            host_key = new_key()
            engine, door = self._boot(node), self._door(node, host_key.private, login.public, password)
            self.engines[node.device], self.doors[node.device] = engine, door
            self.ports[node.device] = port = await system(node.platform).serve(engine, door)
            known.append(f"[{LOOPBACK}]:{port} {host_key.public}\n")
        self.state.changed()
        self._write(KNOWN_HOSTS, "".join(known))
        self._write(KNOWN_HOSTS + CERTIFICATES, self.authority.pem)
        await serve_control(self)
        return self.ports

    def _boot(self, node: LabNode) -> Engine:
        files = self.directory / f"{node.device}.files"
        files.mkdir(mode=0o700)
        place = Place(
            name=node.device,
            interfaces=tuple(interface.name for interface in node.interfaces),
            journal=Journal(self.directory / f"{node.device}.journal"),
            state=self.state,
            scale=self.scale,
            files=files,
        )
        engine = system(node.platform).boot(place, node.startup)
        self.state.views[node.device] = engine.view
        engine.device.changed.append(self.state.changed)
        return engine

    def _door(self, node: LabNode, host_key: str, login_key: str, password: str) -> Door:
        tls = server_context(self.authority.certify(node.device, LOOPBACK), self.directory)
        return Door(user=USER, password=password, host_key=host_key, login_key=login_key, tls=tls)

    def _write(self, name: str, text: str) -> None:
        path = self.directory / name
        path.touch(0o600)
        path.write_text(text, "utf-8")


async def _serve(directory: Path, order: Mapping[str, Any]) -> None:
    host = Host(directory, LabNetwork.model_validate_json(order["network"]), order["scale"])
    ports = await host.boot()
    Process.of(os.getpid()).write(directory / RECORD)
    _tell(devices=ports, pid=os.getpid())
    if await asyncio.to_thread(sys.stdin.readline) != "stay\n":
        return
    record = os.open(directory / RECORD, os.O_PATH)
    while os.fstat(record).st_nlink:
        await asyncio.sleep(_LOOK_EVERY)


def main(directory: Path) -> None:
    """Boot, say so, stay as long as the lab is wanted."""
    os.umask(0o077)
    if os.fork():  # the lab is nobody's child: whoever started it can end without waiting for it
        os._exit(0)
    order = json.loads(sys.stdin.readline())
    try:
        asyncio.run(_serve(directory, order))
    except BaseException as error:  # noqa: BLE001 - the boundary of a process: everything is reported, then it ends
        traceback.print_exc()
        _tell(failed=str(error) or type(error).__name__)
    os._exit(0)  # no driver's connection keeps a lab alive that nobody wants


def _tell(**message: object) -> None:
    print(json.dumps(message), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
