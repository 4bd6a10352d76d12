"""FRR's interfaces: what zebra hears of the kernel, and what the configuration says, in the same words.

Format of ``show interface vrf all json`` as printed by FRR 8.4 (doc/user/zebra); keys that later releases add are
ignored.
"""

import json
import re
from collections.abc import Iterable
from ipaddress import ip_interface

from netmgr.model.state import InterfaceState

_ADDRESS = re.compile(r" ip(?:v6)? address (\S+)(?: .*)?")


def interfaces(text: str) -> tuple[InterfaceState, ...]:
    """Every interface that exists. One that is only configured has no index."""
    return tuple(
        InterfaceState(
            name=name,
            enabled=shown.get("administrativeStatus") == "up",
            carrier=shown.get("operationalStatus") == "up",
            addresses=_addresses(str(one["address"]) for one in shown.get("ipAddresses", ())),
        )
        for name, shown in json.loads(text).items()
        if shown.get("index", 0) > 0
    )


def configured_interfaces(config: str) -> tuple[InterfaceState, ...]:
    """The interfaces that a canonical configuration gives an address or shuts: those whose state is FRR's to set.

    Others, a management interface say, belong to the host.
    """
    found: dict[str, tuple[list[str], bool]] = {}
    name = ""
    for line in config.splitlines():
        if not line.startswith(" "):
            name = line.split(" ")[1] if line.startswith("interface ") else ""
        elif name and (match := _ADDRESS.fullmatch(line)):
            found.setdefault(name, ([], True))[0].append(match[1])
        elif name and line == " shutdown":
            found[name] = (found.get(name, ([], True))[0], False)
    return tuple(
        InterfaceState(name=name, enabled=enabled, addresses=_addresses(addresses))
        for name, (addresses, enabled) in found.items()
    )


def _addresses(texts: Iterable[str]) -> frozenset[str]:
    """Addresses in one spelling, without those that the kernel makes by itself: link-local ones and loopback's own."""
    parsed = map(ip_interface, texts)
    return frozenset(str(one) for one in parsed if not (one.is_link_local or one.is_loopback))
