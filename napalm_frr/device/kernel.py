"""What the kernel holds that FRR's configuration does not bring back: links, addresses, routes of others than FRR.

A link that was shut loses its IPv6 addresses and every route over it, and FRR, restarted, restores neither.
"""

from __future__ import annotations

import json

from .system import Failed, run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    State = dict[str, Any]
    Address = dict[str, Any]
    Route = dict[str, Any]

IP_LIMIT = 30.0
# Who else than FRR puts routes there. Asked one by one: a full table holds a million routes of FRR's.
FOREIGN_PROTOCOLS = ("kernel", "boot", "static", "ra", "dhcp")
_PASSING = frozenset(("linkdown", "dead", "pervasive", "offload", "trap", "rt_offload", "rt_trap"))
_FOREVER = 4294967295


def kernel_state() -> State:
    """Links with their addresses and, by family, the routes that FRR does not own. JSON values only."""
    return {"links": _links(), "4": _routes("4"), "6": _routes("6")}


def restore_kernel(before: State, ours: Iterable[tuple[str, str]]) -> list[str]:
    """Bring back what ``before`` had. Returns what could not be brought back, one line each.

    ``ours`` are the (interface, address with length) that the change being undone had added: they go. Whatever
    else appeared in the meantime is somebody else's and stays.
    """
    now = {link["ifname"]: link for link in _links()}
    for link in before["links"]:
        name = link["ifname"]
        if name in now and "UP" in link["flags"] and "UP" not in now[name]["flags"]:
            _ip("link", "set", "dev", name, "up")
    now = {link["ifname"]: link for link in _links()}
    added = set(ours)
    for link in before["links"]:
        if link["ifname"] in now:
            _restore_addresses(link, now[link["ifname"]], added)
    for family in ("4", "6"):
        there = [_route_identity(route) for route in _routes(family)]
        for route in before[family]:
            if _route_identity(route) not in there:
                _ip("-" + family, "route", "add", *_route_words(route))
    return _missing(before)


def _links() -> list[State]:
    return list(json.loads(_ip("-j", "addr", "show") or "[]"))


def _routes(family: str) -> list[Route]:
    questions = "".join("route show table all proto %s\n" % protocol for protocol in FOREIGN_PROTOCOLS)
    answers = run(["ip", "-" + family, "-j", "-batch", "-"], IP_LIMIT, questions)
    decoder, text, routes = json.JSONDecoder(), answers.out.strip(), []
    for protocol in FOREIGN_PROTOCOLS:
        if not text:
            raise Failed("ip route shows no %s routes: %s" % (protocol, answers.err.strip()))
        found, end = decoder.raw_decode(text)
        text = text[end:].lstrip()
        routes += [dict(route, protocol=protocol) for route in found if route.get("table") != "local"]
    return routes


def _restore_addresses(before: State, now: State, added: set[tuple[str, str]]) -> None:
    name = before["ifname"]
    wanted, present = _addresses(before), _addresses(now)
    for key, address in present.items():
        if key not in wanted and (name, "%s/%d" % (address["local"], address["prefixlen"])) in added:
            _ip("addr", "del", *_address_words(address), "dev", name)
    # An interface's first address of a subnet is its primary one: from the first that is not in place, all again.
    kept = [key for key in present if key in wanted]
    order = list(wanted)
    for place, key in enumerate(order):
        if place < len(kept) and kept[place] == key:
            continue
        for misplaced in kept[place:]:
            _ip("addr", "del", *_address_words(wanted[misplaced]), "dev", name)
        for absent in order[place:]:
            _ip("addr", "add", *_address_words(wanted[absent]), "dev", name, *_lifetimes(wanted[absent]))
        break


def _addresses(link: State) -> dict[tuple[str, int, str], Address]:
    """By what tells one from another; without the link-local ones, which the kernel makes when a link comes up."""
    return {
        (address["local"], address["prefixlen"], address.get("address", "")): address
        for address in link["addr_info"]
        if "local" in address and not (address["family"] == "inet6" and address["scope"] == "link")
    }


def _address_words(address: Address) -> list[str]:
    length = "/%d" % address["prefixlen"]
    words = [address["local"], "peer", address["address"] + length] if "address" in address else [address["local"] + length]
    for key, word in (("broadcast", "broadcast"), ("scope", "scope"), ("label", "label")):
        if key in address and not (key == "scope" and address["family"] == "inet6"):
            words += [word, str(address[key])]
    return words


def _lifetimes(address: Address) -> list[str]:
    words = [flag for flag in ("noprefixroute", "mngtmpaddr", "nodad", "home") if address.get(flag)]
    for key, word in (("valid_life_time", "valid_lft"), ("preferred_life_time", "preferred_lft")):
        if address.get(key, _FOREVER) != _FOREVER:
            words += [word, str(address[key])]
    return words


def _route_identity(route: Route) -> str:
    """What two listings of the same route have in common."""
    lasting = {key: value for key, value in route.items() if key not in ("flags", "expires", "nhid", "cache", "pref")}
    hops = [{key: hop[key] for key in hop if key != "flags"} for hop in route.get("nexthops", ())]
    return json.dumps(dict(lasting, nexthops=hops), sort_keys=True)


def _route_words(route: Route) -> list[str]:
    words = [route["type"]] if "type" in route else []
    words += [route["dst"], *_hop_words(route)]
    for key, word in (("protocol", "proto"), ("scope", "scope"), ("prefsrc", "src"), ("metric", "metric"), ("table", "table")):
        if key in route:
            words += [word, str(route[key])]
    for metrics in route.get("metrics", ()):
        for key, value in metrics.items():
            words += [key, str(value)]
    for hop in route.get("nexthops", ()):
        words += ["nexthop", *_hop_words(hop), "weight", str(hop.get("weight", 1))]
    return words


def _hop_words(hop: Route) -> list[str]:
    words = ["via", hop["gateway"]] if "gateway" in hop else []
    if "via" in hop:
        words += ["via", hop["via"]["family"], hop["via"]["host"]]
    if "dev" in hop:
        words += ["dev", hop["dev"]]
    return words + [flag for flag in hop.get("flags", ()) if flag not in _PASSING]


def _missing(before: State) -> list[str]:
    after = kernel_state()
    now = {link["ifname"]: link for link in after["links"]}
    missing = []
    for link in before["links"]:
        name = link["ifname"]
        if name not in now:
            missing.append("interface %s is gone" % name)
            continue
        if "UP" in link["flags"] and "UP" not in now[name]["flags"]:
            missing.append("interface %s is down" % name)
        present = _addresses(now[name])
        missing += ["%s lacks %s/%d" % (name, key[0], key[1]) for key in _addresses(link) if key not in present]
    for family in ("4", "6"):
        there = {_route_identity(route) for route in after[family]}
        missing += [
            "no route to " + " ".join(_route_words(route)) for route in before[family] if _route_identity(route) not in there
        ]
    return missing


def _ip(*words: str) -> str:
    """Run ``ip``. What it refuses (an address that is there already, say) shows in what is missing afterwards."""
    return run(["ip", *words], IP_LIMIT).out
