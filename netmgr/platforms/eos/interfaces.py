"""EOS's interfaces: as they are, and as a configuration says, in the same words.

Format of ``show interfaces | json`` as EOS 4.23 to 4.36 answers; keys that other releases add are ignored.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import ip_interface, ip_network
from typing import Any

from netmgr.model.state import InterfaceState

_NAME = re.compile(r"interface (\S+)")
_ADDRESS = re.compile(r"   ip(?:v6)? address (?:virtual )?(\S+/\d+)(?: secondary)?")


def interfaces(text: str) -> tuple[InterfaceState, ...]:
    """Every interface that the device has."""
    return tuple(
        InterfaceState(
            name=name,
            enabled=shown.get("interfaceStatus") != "disabled",
            carrier=shown.get("lineProtocolStatus") == "up",
            addresses=_addresses((*_ipv4(shown), *_ipv6(shown))),
        )
        for name, shown in json.loads(text).get("interfaces", {}).items()
    )


def _ipv4(shown: Mapping[str, Any]) -> Iterator[str]:
    for one in shown.get("interfaceAddress") or ():
        for key in ("primaryIp", "virtualIp"):
            yield from _with_length(one.get(key) or {})
        for key in ("secondaryIpsOrderedList", "virtualSecondaryIpsOrderedList"):
            for other in one.get(key) or ():
                yield from _with_length(other)


def _with_length(one: Mapping[str, Any]) -> Iterator[str]:
    if one.get("maskLen"):  # 0.0.0.0/0 says that there is none
        yield f"{one['address']}/{one['maskLen']}"


def _ipv6(shown: Mapping[str, Any]) -> Iterator[str]:
    for one in (shown.get("interfaceAddressIp6") or {}).get("globalUnicastIp6s") or ():
        yield f"{one['address']}/{ip_network(one['subnet'], strict=False).prefixlen}"


def configured_interfaces(config: str) -> tuple[InterfaceState, ...]:
    """The interfaces that a canonical configuration gives an address or shuts."""
    found: dict[str, tuple[list[str], bool]] = {}
    name = ""
    for line in config.splitlines():
        if not line.startswith(" "):
            match = _NAME.fullmatch(line)
            name = match[1] if match else ""
        elif name and (match := _ADDRESS.fullmatch(line)):
            found.setdefault(name, ([], True))[0].append(match[1])
        elif name and line == "   shutdown":
            found[name] = (found.get(name, ([], True))[0], False)
    return tuple(
        InterfaceState(name=name, enabled=enabled, addresses=_addresses(addresses))
        for name, (addresses, enabled) in found.items()
    )


def _addresses(texts: Iterable[str]) -> frozenset[str]:
    """Addresses in one spelling, without link-local ones, which a device makes by itself."""
    return frozenset(str(one) for one in map(ip_interface, texts) if not one.is_link_local)
