"""What Junos says of its adjacencies: its tables understood, and its configuration's own list of them.

Tables as printed by Junos OS (CLI Reference: ``show ospf neighbor``, ``show ospf3 neighbor``, ``show bgp summary``).
"""

import re
from collections.abc import Iterable, Iterator

from netmgr.model.state import AdjacencyState
from netmgr.platforms.junos.names import short
from netmgr.platforms.junos.tree import Node, parse

_OSPF = re.compile(
    r"\s*[0-9.]+\s+(?P<interface>\S+)\s+(?P<state>[A-Za-z0-9]+)\s+[0-9.]+\s+\d+\s+(?P<dead>\d+)\s*"
)
_OSPF3 = re.compile(r"\s*[0-9.]+\s+(?P<interface>\S+)\s+(?P<state>[A-Za-z0-9]+)\s+\d+\s+(?P<dead>\d+)\s*")
_BGP = re.compile(
    r"(?P<peer>[0-9A-Fa-f.:]+)(?:\+\d+)?\s+[\d.]+\s+\d+\s+\d+\s+\d+\s+\d+\s+(?P<since>\S+(?: \d\S*)?)\s+(?P<state>\S.*)"
)
_COUNTS = re.compile(r"\d+/\d+/\d+(?:/\d+)?")


def ospf_neighbors(text: str) -> tuple[AdjacencyState, ...]:
    """``show ospf neighbor instance all``: one state for each interface; the peer is the interface's name."""
    return _by_interface("ospf", _OSPF, text)


def ospf3_neighbors(text: str) -> tuple[AdjacencyState, ...]:
    """``show ospf3 neighbor instance all``: as for OSPFv2."""
    return _by_interface("ospf3", _OSPF3, text)


def _by_interface(protocol: str, row: re.Pattern[str], text: str) -> tuple[AdjacencyState, ...]:
    """Of several neighbors on an interface the one that is up, and of these the last to expire.

    Dead times are in whole seconds, rounded down.
    """
    best: dict[str, AdjacencyState] = {}
    for match in filter(None, map(row.fullmatch, text.splitlines())):
        state = AdjacencyState.model_validate(
            {
                "protocol": protocol,
                "peer": short(match["interface"]),
                "up": match["state"] == "Full",
                "detail": match["state"],
                "expires": float(match["dead"]),
                "precision": 1.0,
            }
        )
        known = best.get(state.peer)
        if known is None or (state.up, state.expires or 0) > (known.up, known.expires or 0):
            best[state.peer] = state
    return tuple(best.values())


def bgp_neighbors(text: str) -> tuple[AdjacencyState, ...]:
    """``show bgp summary``: one state for each neighbor of all instances; of two with one address the one that is down.

    Of an established session the table counts routes (``2/3/3/0``) in place of the state, or says ``Establ``.
    """
    states: dict[str, AdjacencyState] = {}
    for match in filter(None, map(_BGP.fullmatch, text.splitlines())):
        word = match["state"].split()[0]
        up = word == "Establ" or _COUNTS.fullmatch(word) is not None
        detail = "Established" if up else match["state"].strip()
        known = states.get(match["peer"])
        if known is None or known.up:
            states[match["peer"]] = AdjacencyState(protocol="bgp", peer=match["peer"], up=up, detail=detail)
    return tuple(states.values())


def configured(config: str) -> frozenset[tuple[str, str]]:
    """(protocol, peer) of every adjacency that a canonical configuration asks for; what is inactive asks for none."""
    return frozenset(
        key
        for instance in instances(parse(config))
        for key in (*_ospf(instance), *((("bgp", p) for p, *_ in peers(instance))))
    )


def instances(root: Node) -> Iterator[Node]:
    """The default routing instance and the others: where protocols stand."""
    yield root
    yield from (node for _, node in root.items("routing-instances"))


def peers(instance: Node) -> Iterator[tuple[str, Node, Node]]:
    """(address, group, neighbor) of every session of an instance."""
    if not instance.has("protocols", "bgp"):
        return
    for _, group in instance.items("protocols", "bgp", "group"):
        yield from ((address, group, neighbor) for address, neighbor in group.items("neighbor"))


def ospf_interfaces(instance: Node, protocol: str) -> Iterator[tuple[str, str, Node]]:
    """(area, logical interface, what is said of it) of OSPF in an instance, passive ones too."""
    if not instance.has("protocols", protocol):
        return
    for area, content in instance.items("protocols", protocol, "area"):
        yield from ((area, name, node) for name, node in content.items("interface"))


def _ospf(instance: Node) -> Iterable[tuple[str, str]]:
    return (
        (protocol, short(name))
        for protocol in ("ospf", "ospf3")
        for _, name, node in ospf_interfaces(instance, protocol)
        if not node.has("passive") and not node.has("disable")
    )
