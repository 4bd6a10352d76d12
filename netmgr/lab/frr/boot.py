"""One boot of a lab, in the caller's process: keys, listening sockets, the order for the supervisor, the record."""

import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path

from netmgr.errors import LabError
from netmgr.lab.frr.carriers import unsettled
from netmgr.lab.frr.hosts import host_addressing
from netmgr.lab.frr.keys import KeyPair, new_key
from netmgr.lab.frr.launch import Launch
from netmgr.lab.frr.order import PREFIX_LENGTH, STATION, InterfaceOrder, LabOrder, RouterOrder
from netmgr.lab.frr.probe import answering
from netmgr.lab.frr.state import LabRecord, LabState
from netmgr.model.lab import LabDevice, LabNetwork
from netmgr.ports.progress import Progress

_LOOPBACK = "127.0.0.1"
_USER = "admin"
_BACKLOG = 100
#: Seconds that one router may take to boot, with others booting on the same machine.
_BOOT_LIMIT = 60.0
#: Seconds that booted routers may take to answer logins: on a busy machine, more than when they are asked later.
_LOGIN_LIMIT = 30.0
_LOGIN_PAUSE = 0.1
#: Seconds that the kernel may take to tell of carriers: it handles a hundred links a second, of all labs together.
_LINK_LIMIT = 30.0
_LINK_PAUSE = 0.02
#: The first addresses of the management network are the station's and spare.
_FIRST_ADDRESS = 10


@dataclass(frozen=True, slots=True)
class Booted:
    """A lab that runs for as long as this process lets it. ``stay`` lets it outlive the process."""

    record: LabRecord
    stay: Callable[[], None]


@contextmanager
def boot(
    state: LabState, network: LabNetwork, kit: Path | None, hosts: Path | None, lock: int, progress: Progress
) -> Iterator[Booted]:
    """Boot ``network`` in the absent directory of ``state``; gives the lab when all of it answers.

    ``hosts`` is the root file system of nodes with ``own_root``; ``lock`` is the descriptor of the lab's lock. Raises
    LabError, and nothing runs any more, if a device fails.
    """
    state.create(node.device for node in network.nodes)
    login, host_keys = new_key(), [new_key() for _ in network.nodes]
    with ExitStack() as stack:
        # Opened here, in the caller's network namespace, and served by the supervisor, which has another one.
        listeners = [
            stack.enter_context(socket.create_server((_LOOPBACK, 0), backlog=_BACKLOG)) for _ in network.nodes
        ]
        ports = [listener.getsockname()[1] for listener in listeners]
        known = (f"[{_LOOPBACK}]:{port} {key.public}\n" for port, key in zip(ports, host_keys, strict=True))
        state.write_private("identity", login.private)
        state.write_private("known_hosts", "".join(known))
        order = _order(state, network, kit, hosts, login, host_keys)
        with Launch(state, order, listeners, lock) as launch:
            launch.boot(progress)
            record = LabRecord(
                network=network.without_configurations(),
                configurations=network.configurations,
                devices=_devices(state, network, ports),
                pids=launch.pids(),
            )
            _await_logins(launch, record)
            _await_links(launch, record)
            state.write(record)
            yield Booted(record, launch.stay)


def _await_logins(launch: Launch, record: LabRecord) -> None:
    deadline = time.monotonic() + _LOGIN_LIMIT
    while silent := sorted(record.pids.keys() - answering(record)):
        if time.monotonic() > deadline:
            raise LabError(launch.explain(silent[0], "does not answer a login through its forwarder"))
        time.sleep(_LOGIN_PAUSE)


def _await_links(launch: Launch, record: LabRecord) -> None:
    """All routers have booted, so that every cable is plugged in at both ends."""
    deadline = time.monotonic() + _LINK_LIMIT
    for node in record.network.nodes:
        root = Path("/proc", str(record.pids[node.device]), "root")
        names = ["eth0", *(interface.name for interface in node.interfaces)]
        while names := list(unsettled(root, names)):
            if time.monotonic() > deadline:
                raise LabError(launch.explain(node.device, f"{names[0]} has a carrier and is not up"))
            time.sleep(_LINK_PAUSE)


def _order(
    state: LabState,
    network: LabNetwork,
    kit: Path | None,
    hosts: Path | None,
    login: KeyPair,
    host_keys: Sequence[KeyPair],
) -> LabOrder:
    addresses = ip_network(f"{STATION}/{PREFIX_LENGTH}", strict=False)
    routers = tuple(
        RouterOrder(
            device=node.device,
            address=str(addresses[_FIRST_ADDRESS + number]),
            host_key=key.private,
            interfaces=tuple(InterfaceOrder(each.name, each.mtu) for each in node.interfaces),
            startup=node.startup,
            routing=node.platform == "frr",
            addressing=tuple(host_addressing(node)),
            daemons=node.daemons,
            lldp=node.lldp,
            own_root=node.own_root,
        )
        for number, (node, key) in enumerate(zip(network.nodes, host_keys, strict=True))
    )
    return LabOrder(
        state=str(state.path),
        kit=str(kit) if kit else None,
        hosts=str(hosts) if hosts else None,
        login_key=f"{login.public}\n",
        boot_limit=_BOOT_LIMIT,
        routers=routers,
        links=tuple((link.a, link.b) for link in network.links),
    )


def _devices(state: LabState, network: LabNetwork, ports: Sequence[int]) -> tuple[LabDevice, ...]:
    return tuple(
        LabDevice(
            device=node.device,
            platform=node.platform,
            kind="real",
            address=_LOOPBACK,
            port=port,
            user=_USER,
            identity=str(state.path / "identity"),
            known_hosts=str(state.path / "known_hosts"),
            ready=False,
        )
        for node, port in zip(network.nodes, ports, strict=True)
    )
