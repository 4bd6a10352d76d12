"""IOS's interfaces: what runs, and what the configuration says, in the same words.

Format of ``show ip interface`` as printed by IOS 15 and IOS-XE 16. It knows no IPv6 addresses, which are left out of
both sides.
"""

import re
from ipaddress import IPv4Interface

from netmgr.model.state import InterfaceState
from netmgr.platforms.ios.canonical import tree

_STATE = re.compile(r"(\S+) is (administratively down|down|up|reset|deleted).*, line protocol is (up|down).*")
_ADDRESS = re.compile(r"  (?:Internet address is|Secondary address) (\S+/\d+)")
_SET = re.compile(r"ip address (\S+) (\d+\.\S+)(?: secondary)?")


def interfaces(text: str) -> tuple[InterfaceState, ...]:
    """Every interface that exists."""
    found: list[InterfaceState] = []
    for row in map(str.rstrip, text.splitlines()):
        if match := _STATE.fullmatch(row):
            found.append(
                InterfaceState(
                    name=match[1],
                    enabled=match[2] != "administratively down",
                    carrier=match[3] == "up",
                    addresses=frozenset(),
                )
            )
        elif found and (match := _ADDRESS.fullmatch(row)):
            addresses = found[-1].addresses | {str(IPv4Interface(match[1]))}
            found[-1] = found[-1].model_copy(update={"addresses": addresses})
    return tuple(found)


def configured_interfaces(config: str) -> tuple[InterfaceState, ...]:
    """The interfaces that a canonical configuration gives an IPv4 address or shuts."""
    found = []
    for line in tree(config):
        if not line.text.startswith("interface "):
            continue
        inside = [each.text for each in line.children]
        matches = [match for each in inside if (match := _SET.fullmatch(each))]
        addresses = frozenset(str(IPv4Interface(f"{match[1]}/{match[2]}")) for match in matches)
        if addresses or "shutdown" in inside:
            name = line.text.split(" ", 1)[1]
            found.append(InterfaceState(name=name, enabled="shutdown" not in inside, addresses=addresses))
    return tuple(found)
