"""The lab's cables: veth pairs between the routers' network namespaces, and the management bridge."""

import subprocess
from collections.abc import Mapping, Sequence

from netmgr.lab.frr.order import PREFIX_LENGTH, STATION, LabOrder
from netmgr.lab.frr.router import RouterProcess

_BRIDGE = "mgmt"


def wire(order: LabOrder, processes: Sequence[RouterProcess]) -> None:
    """Create every interface of every router, in one run of ``ip`` in the lab's own network namespace.

    Raises RuntimeError with the first line that ``ip`` refused.
    """
    pids = {process.router.device: process.pid for process in processes}
    done = subprocess.run(
        ["ip", "-batch", "-"],
        input="\n".join(_commands(order, pids)),
        text=True,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"ip cannot create the links: {' '.join(done.stderr.split())}")


def _commands(order: LabOrder, pids: Mapping[str, int]) -> list[str]:
    lines = [
        "link set lo up",
        f"link add {_BRIDGE} type bridge",
        f"address add {STATION}/{PREFIX_LENGTH} dev {_BRIDGE}",
        f"link set {_BRIDGE} up",
    ]
    for number, router in enumerate(order.routers):
        lines.append(f"link add m{number} type veth peer name eth0 netns {pids[router.device]}")
        lines.append(f"link set m{number} master {_BRIDGE} up")
    for (a, a_name), (b, b_name) in order.links:
        lines.append(f"link add name {a_name} netns {pids[a]} type veth peer name {b_name} netns {pids[b]}")
    linked = {end for link in order.links for end in link}
    loose = [
        (r.device, i.name) for r in order.routers for i in r.interfaces if (r.device, i.name) not in linked
    ]
    for number, (device, name) in enumerate(loose):
        # Its other end is parked here, up: the interface has a carrier, and nobody answers.
        lines.append(f"link add p{number} type veth peer name {name} netns {pids[device]}")
        lines.append(f"link set p{number} up")
    return lines
