"""Port-channels of a switch: their members switch as they do, or route as they do, or are not in use.

Source: Catalyst 3560 Switch Software Configuration Guide (OL-8553), "Configuring EtherChannels": what is applied to the
aggregate is applied to its members, and not the other way round; which settings must be alike; the first member's
settings become those of an aggregate that it makes. Of the MTU: Catalyst 4500 Software Configuration Guide, 15.0(2)SG,
"Layer 3 and Layer 2 EtherChannels". The words of the refusal were recorded on a Catalyst.
"""

from collections.abc import Iterator, Sequence

from netmgr.lab.emulated.ios.configuration import Configuration, Line
from netmgr.lab.emulated.ios.parameters import short_name

#: Of a port in another mode they are kept, and mean nothing.
_BY_MODE = {"access": ("access",), "trunk": ("trunk",), "dynamic": ("access", "trunk")}

#: What an aggregate is told, its members are told.
TOLD = ("switchport", "mtu")


def group_of(lines: Sequence[Line]) -> str | None:
    """The aggregate's name, of a member's lines."""
    return next((f"Port-channel{line.words[1]}" for line in lines if line.words[0] == "channel-group"), None)


def routes(lines: Sequence[Line]) -> bool:
    """Whether a port or an aggregate was told not to switch."""
    return any(line.negated and line.words == ("switchport",) for line in lines)


def switching(lines: Sequence[Line]) -> tuple[str, ...]:
    """What must be alike of a switch's aggregate and its members."""
    mtu = tuple(line.shown for line in lines if line.words[0] == "mtu")
    if routes(lines):
        return ("no switchport", *mtu)
    said = [line for line in lines if line.words[0] == "switchport" and len(line.words) > 1]
    mode = next((line.words[2] for line in said if line.words[1:2] == ("mode",)), "dynamic")
    alike = sorted(line.shown for line in said if line.words[1] in ("mode", *_BY_MODE[mode]))
    return (*alike, *mtu) if alike else ()


def refusal(configuration: Configuration, port: Line, group: str) -> str | None:
    """Why the port cannot be in the group: the device's own words."""
    aggregate = configuration.first("interface", f"Port-channel{group}")
    if aggregate is None or routes(aggregate.children) == routes(port.children):
        return None
    names = f"{aggregate.words[1]}, {short_name(port.words[1])}"
    return f"Command rejected ({names}): Either port is L2 and port-channel is L3, or vice-versa"


def members(configuration: Configuration, aggregate: Line) -> Iterator[Line]:
    """The ports in the aggregate's group."""
    return (port for port in configuration.top("interface") if group_of(port.children) == aggregate.words[1])


def copied(port: Line) -> list[Line]:
    """The lines that a port's aggregate begins with where the port makes it."""
    return [line.copy() for line in port.children if line.words[0] in TOLD]
