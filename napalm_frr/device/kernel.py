"""What the kernel holds that FRR's configuration does not bring back: links, addresses, routes of others than FRR.

A link that was shut loses its IPv6 addresses and every route over it, and FRR, restarted, restores neither.
"""

from __future__ import annotations

import json

from .system import RouterError, run

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
_ROUTE_WORDS = (
    ("protocol", "proto"),
    ("scope", "scope"),
    ("prefsrc", "src"),
    ("metric", "metric"),
    ("table", "table"),
)
_EVERYTHING = {"4": "0.0.0.0/0", "6": "::/0"}
_FOREVER = 4294967295


def kernel_state() -> State:
    """Links with their addresses and, by family, the routes that FRR does not own. JSON values only."""
    links, *routes = _asked("addr show", *_route_questions("4"), *_route_questions("6"))
    each = len(FOREIGN_PROTOCOLS)
    return {"links": links, "4": _foreign(routes[:each]), "6": _foreign(routes[each:])}


def restore_kernel(before: State, added: Iterable[tuple[str, str]]) -> list[str]:
    """Bring back what ``before`` had. Returns what could not be brought back, one line each.

    ``added`` are the (interface, address with length) that the undone change had added: they go. Whatever else
    appeared in the meantime is somebody else's and stays.
    """
    _raise_links(before["links"])
    now = _by_name(_links())
    gone = {(name, address) for name, address in added}
    for link in before["links"]:
        _remove_addresses(link, now.get(link["ifname"], link), gone)
    now = _by_name(_links())
    for link in before["links"]:
        _add_addresses(link, now.get(link["ifname"], link))
    for family in ("4", "6"):
        there = {_route_identity(route) for route in _routes(family)}
        for route in before[family]:
            if _route_identity(route) not in there:
                _ip("-" + family, "route", "add", *_route_words(route))
    return _missing(before)


def _links() -> list[State]:
    return _asked("addr show")[0]


def _routes(family: str) -> list[Route]:
    return _foreign(_asked(*_route_questions(family)))


def _route_questions(family: str) -> list[str]:
    """One for each protocol. Everything below the family's default route is everything of that family."""
    return [f"route show table all proto {name} root {_EVERYTHING[family]}" for name in FOREIGN_PROTOCOLS]


def _foreign(answers: list[list[Route]]) -> list[Route]:
    return [
        dict(route, protocol=protocol)
        for protocol, found in zip(FOREIGN_PROTOCOLS, answers)
        for route in found
        if route.get("table") != "local"
    ]


def _asked(*questions: str) -> list[list[State]]:
    """What one ``ip`` answers to all of them: starting it costs more than answering."""
    said = run(["ip", "-j", "-batch", "-"], IP_LIMIT, "".join(f"{question}\n" for question in questions))
    decoder, text, answers = json.JSONDecoder(), said.out.strip(), []
    for question in questions:
        if not text:
            raise RouterError(f"ip {question}: no answer: {said.err.strip()}")
        answer, end = decoder.raw_decode(text)
        text = text[end:].lstrip()
        answers.append(answer)
    return answers


def _by_name(links: list[State]) -> dict[str, State]:
    return {link["ifname"]: link for link in links}


def _raise_links(before: list[State]) -> None:
    now = _by_name(_links())
    for link in before:
        name = link["ifname"]
        if name in now and "UP" in link["flags"] and "UP" not in now[name]["flags"]:
            _ip("link", "set", "dev", name, "up")


def _remove_addresses(before: State, now: State, gone: set[tuple[str, str]]) -> None:
    """Those that were added, and those that became their subnet's primary address (or ceased to be)."""
    wanted = _addresses(before)
    for key, address in _addresses(now).items():
        ours = (before["ifname"], f"{key[0]}/{key[1]}") in gone
        rank = wanted[key].get("secondary") if key in wanted else None
        if (key not in wanted and ours) or (key in wanted and rank != address.get("secondary")):
            _ip("addr", "del", *_address_words(address), "dev", before["ifname"])


def _add_addresses(before: State, now: State) -> None:
    present = _addresses(now)
    for key, address in _addresses(before).items():
        if key not in present:
            _ip("addr", "add", *_address_words(address), "dev", before["ifname"], *_flags(address))


def _addresses(link: State) -> dict[tuple[str, int, str], Address]:
    """By what tells one from another; without those that the kernel makes by itself (link-local, temporary)."""
    return {
        (address["local"], address["prefixlen"], address.get("address", "")): address
        for address in link["addr_info"]
        if "local" in address
        and not address.get("temporary")
        and not (address["family"] == "inet6" and address["scope"] == "link")
    }


def _address_words(address: Address) -> list[str]:
    length = f"/{address['prefixlen']}"
    if "address" in address:
        words = [address["local"], "peer", address["address"] + length]
    else:
        words = [address["local"] + length]
    named = ("broadcast", "scope", "label") if address["family"] == "inet" else ()
    return words + [word for name in named if name in address for word in (name, str(address[name]))]


def _flags(address: Address) -> list[str]:
    words = [flag for flag in ("noprefixroute", "mngtmpaddr", "nodad", "home") if address.get(flag)]
    for key, word in (("valid_life_time", "valid_lft"), ("preferred_life_time", "preferred_lft")):
        if address.get(key, _FOREVER) != _FOREVER:
            words += [word, str(address[key])]
    return words


def _route_identity(route: Route) -> str:
    """What two listings of the same route have in common."""
    passing = ("flags", "expires", "nhid", "cache", "pref")
    lasting = {key: value for key, value in route.items() if key not in passing}
    hops = [{key: hop[key] for key in hop if key != "flags"} for hop in route.get("nexthops", ())]
    return json.dumps(dict(lasting, nexthops=hops), sort_keys=True)


def _route_words(route: Route) -> list[str]:
    words = [route["type"]] if "type" in route else []
    words += [route["dst"], *_hop_words(route)]
    for key, word in _ROUTE_WORDS:
        if key in route:
            words += [word, str(route[key])]
    for metrics in route.get("metrics", ()):
        words += [word for name, value in metrics.items() for word in (name, str(value))]
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
    now = _by_name(after["links"])
    missing = []
    for link in before["links"]:
        name = link["ifname"]
        if name not in now:
            missing.append(f"interface {name} is gone")
            continue
        if "UP" in link["flags"] and "UP" not in now[name]["flags"]:
            missing.append(f"interface {name} is down")
        present = _addresses(now[name])
        missing += [f"{name} lacks {key[0]}/{key[1]}" for key in _addresses(link) if key not in present]
    for family in ("4", "6"):
        there = {_route_identity(route) for route in after[family]}
        gone = [route for route in before[family] if _route_identity(route) not in there]
        missing += ["no route to " + " ".join(_route_words(route)) for route in gone]
    return missing


def _ip(*words: str) -> str:
    """Run ``ip``. What it refuses (an address that is there already, say) shows in what is missing afterwards."""
    return run(["ip", *words], IP_LIMIT).out
