"""Whether a network can be booted here, before anything is created."""

import platform
import re
from collections import Counter

from netmgr.errors import LabError
from netmgr.lab.frr.order import PREFIX_LENGTH
from netmgr.lab.frr.syscalls import ARCHITECTURES
from netmgr.model.lab import LabNetwork, LabNode

REAL = frozenset({"frr", "linux"})
"""The platforms that are booted as themselves."""

_MANAGEMENT = "eth0"
# The kernel's dev_valid_name(): at most 15 bytes without slash, colon or space. Here only the usual characters.
_INTERFACE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,14}")
_DAEMON = re.compile(r"[a-z0-9]{2,16}")
_MOST = 2 ** (32 - PREFIX_LENGTH) - 20


def validate(network: LabNetwork) -> None:
    """Raise LabError for the first thing that this lab cannot boot."""
    if platform.machine() not in ARCHITECTURES:
        raise LabError(f"the lab runs on {' and '.join(sorted(ARCHITECTURES))}, not on {platform.machine()}")
    if not network.nodes:
        raise LabError(f"{network.client}: nothing to boot: the network has no device")
    if len(network.nodes) > _MOST:
        raise LabError(f"{network.client}: {len(network.nodes)} devices; a lab has addresses for {_MOST}")
    for device, times in Counter(node.device for node in network.nodes).items():
        if times > 1:
            raise LabError(f"{device}: {times} devices of this name in one lab")
    for node in network.nodes:
        _validate_node(node)
    validate_cables(network)


def validate_cables(network: LabNetwork) -> None:
    """Raise LabError for the first cable that ends nowhere, or where another one does."""
    ends = {(node.device, interface.name) for node in network.nodes for interface in node.interfaces}
    used: set[tuple[str, str]] = set()
    for end in (end for link in network.links for end in (link.a, link.b)):
        if end not in ends:
            raise LabError(f"{end[0]}: a link ends at {end[1]}, which no device of the lab has")
        if end in used:
            raise LabError(f"{end[0]}: {end[1]} is the end of two links")
        used.add(end)


def _validate_node(node: LabNode) -> None:
    if node.platform not in REAL:
        raise LabError(
            f"{node.device}: only {' and '.join(sorted(REAL))} are booted as themselves, not platform {node.platform}"
        )
    seen: set[str] = set()
    for interface in node.interfaces:
        name = interface.name
        if not _INTERFACE.fullmatch(name) or name == "lo":
            raise LabError(
                f"{node.device}: {name!r} cannot be an interface's name on Linux (15 characters at most)"
            )
        if name == _MANAGEMENT:
            raise LabError(
                f"{node.device}: {name} is the lab's management interface; give the link another one"
            )
        if name in seen:
            raise LabError(f"{node.device}: two interfaces named {name}")
        seen.add(name)
        if node.platform != "linux" and (interface.addresses or not interface.enabled):
            raise LabError(f"{node.device}: {name}: a router's addresses are part of its configuration")
    if node.platform == "linux" and node.startup:
        raise LabError(f"{node.device}: a host of platform linux takes no startup configuration")
    if node.platform != "linux" and node.routes:
        raise LabError(f"{node.device}: a router's static routes are part of its configuration")
    for daemon in node.daemons:
        if not _DAEMON.fullmatch(daemon):
            raise LabError(f"{node.device}: {daemon!r} is not the name of an FRR daemon")
