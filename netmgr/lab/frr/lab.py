"""The adapter behind the port Lab: boots, shows, enters and removes a client's lab of FRR routers."""

import shutil
import socket
from collections.abc import Callable, Sequence
from ipaddress import ip_network
from pathlib import Path

from netmgr.errors import LabError
from netmgr.lab.frr import files
from netmgr.lab.frr.keys import new_key
from netmgr.lab.frr.launch import Launch
from netmgr.lab.frr.order import PREFIX_LENGTH, STATION, InterfaceOrder, LabOrder, RouterOrder
from netmgr.lab.frr.probe import Probe, daemon_probe, satisfied, ssh_probe
from netmgr.lab.frr.process import Process, parent_of
from netmgr.lab.frr.state import LabRecord, LabState
from netmgr.lab.frr.validate import validate
from netmgr.lab.kit import LabKit
from netmgr.model.lab import LabDevice, LabNetwork, LabStatus

_LOOPBACK = "127.0.0.1"
_USER = "admin"
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#: Seconds that one router may take to boot, with all others booting on the same machine.
_BOOT_LIMIT = 60.0
#: Seconds within which a ready device answers a login or a daemon a command.
_ANSWER_LIMIT = 1.0
#: The first management addresses are the station's and spare.
_FIRST_ADDRESS = 10


class FrrLab:
    """Labs below ``state_dir``, one directory for each client, booted with what ``kit`` provides."""

    def __init__(self, state_dir: Path, kit: LabKit) -> None:
        self._base = state_dir.absolute()
        self._kit = kit

    def up(self, network: LabNetwork, progress: Callable[[str], None]) -> LabStatus:
        """See ``netmgr.ports.lab.Lab.up``."""
        validate(network)
        state = LabState(self._base, network.client)
        with state.locked() as lock:
            if (record := state.record()) and record.network != network:
                raise LabError(
                    f"the lab of {network.client} is up with another network; run `netmgr lab down -c {network.client}` "
                    "first"
                )
            if not record:
                kit = self._kit.locate()
                state.remove()
                try:
                    record = _boot(state, network, kit.root, lock, progress)
                except BaseException:
                    state.remove()
                    raise
        return _status(record)

    def down(self, client: str) -> bool:
        """See ``netmgr.ports.lab.Lab.down``."""
        state = LabState(self._base, client)
        if not self._base.exists():
            return False
        with state.locked():
            return state.remove()

    def status(self, client: str) -> LabStatus | None:
        """See ``netmgr.ports.lab.Lab.status``."""
        record = LabState(self._base, client).record()
        return _status(record) if record else None

    def console(self, client: str, device: str, argv: Sequence[str]) -> list[str]:
        """See ``netmgr.ports.lab.Lab.console``."""
        pid = self.namespace_pid(client, device)
        nsenter = shutil.which("nsenter", path=_PATH)
        if not nsenter:
            raise LabError("no command nsenter on this machine; install the package util-linux")
        enter = [nsenter, f"--target={pid}", "--user", "--preserve-credentials", "--mount", "--uts", "--ipc", "--net", "--pid"]
        environment = ["/usr/bin/env", "--ignore-environment", "--chdir=/root", f"PATH={_PATH}", "HOME=/root", "USER=root",
                       "LOGNAME=admin", "LANG=C.UTF-8", "TERM=xterm"]  # fmt: skip
        return [*enter, "--", *environment, *(argv or ["/bin/bash", "--login"])]

    def namespace_pid(self, client: str, device: str) -> int:
        """The first process of a device's namespaces, as this machine numbers it. Raises LabError if it does not run."""
        state = LabState(self._base, client)
        record = state.record()
        if not record:
            raise LabError(f"the lab of {client} is not up; run `netmgr lab up -c {client}`")
        if device not in record.pids:
            raise LabError(f"the lab of {client} has no device {device}; it has {', '.join(sorted(record.pids))}")
        supervisor = state.supervisor()
        pid = record.pids[device]
        if not supervisor or parent_of(pid) != supervisor.pid:
            raise LabError(f"{device}: its first process has ended; run `netmgr lab down -c {client}` and `netmgr lab up`")
        return pid


def _boot(
    state: LabState, network: LabNetwork, kit: Path | None, lock: int, progress: Callable[[str], None]
) -> LabRecord:
    state.create()
    login = new_key()
    state.write_private("identity", login.private)
    listeners = [socket.create_server((_LOOPBACK, 0), backlog=100) for _ in network.nodes]
    try:
        ports = [listener.getsockname()[1] for listener in listeners]
        host_keys = [new_key() for _ in network.nodes]
        known = (f"[{_LOOPBACK}]:{port} {key.public}\n" for port, key in zip(ports, host_keys, strict=True))
        state.write_private("known_hosts", "".join(known))
        addresses = ip_network(f"{STATION}/{PREFIX_LENGTH}", strict=False)
        routers = tuple(
            RouterOrder(
                node.device,
                str(addresses[_FIRST_ADDRESS + number]),
                key.private,
                tuple(InterfaceOrder(each.name, each.mtu) for each in node.interfaces),
                node.startup,
                node.daemons if node.platform == "frr" else (),
            )
            for number, (node, key) in enumerate(zip(network.nodes, host_keys, strict=True))
        )
        for router in routers:
            state.log(router.device).mkdir()
            (state.log(router.device) / "frr").mkdir()
        links = tuple((link.a, link.b) for link in network.links)
        order = LabOrder(
            str(state.path), str(kit) if kit else None, login.public + "\n", _BOOT_LIMIT, routers, links
        )
        devices = tuple(
            LabDevice(
                device=node.device, platform=node.platform, kind="real", address=_LOOPBACK, port=port, user=_USER,
                identity=str(state.identity), known_hosts=str(state.known_hosts), ready=False,
            )
            for node, port in zip(network.nodes, ports, strict=True)
        )  # fmt: skip
        with Launch(state, order, listeners, lock) as launch:
            launch.boot(progress)
            record = LabRecord(network=network, devices=devices, pids=launch.pids())
            missing = {device.device for device in devices} - _ready(record)
            if missing:
                raise LabError(launch.explain(min(missing), "does not answer a login through its forwarder"))
            state.write(record)
            launch.stay()
        return record
    finally:
        for listener in listeners:
            listener.close()


def _status(record: LabRecord) -> LabStatus:
    ready = _ready(record)
    devices = tuple(device.model_copy(update={"ready": device.device in ready}) for device in record.devices)
    return LabStatus(client=record.network.client, devices=devices)


def _ready(record: LabRecord) -> set[str]:
    """The devices whose login and daemons answer now."""
    probes: dict[str, list[Probe]] = {}
    for node, device in zip(record.network.nodes, record.devices, strict=True):
        root = Path("/proc", str(record.pids[node.device]), "root")
        daemons = (*files.ALWAYS, *node.daemons) if node.platform == "frr" else ()
        probes[node.device] = [ssh_probe(device.address, device.port), *(daemon_probe(root, name) for name in daemons)]
    return satisfied(probes, _ANSWER_LIMIT)
