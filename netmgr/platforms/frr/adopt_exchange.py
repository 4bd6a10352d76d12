"""What a BGP neighbor or group exchanges in one address family: from FRR's lines to the model's words."""

import re
from collections.abc import Collection, Mapping

from netmgr.model.routing import BgpExchange
from netmgr.platforms.adopting import fits
from netmgr.platforms.frr.adopt_lines import Data

_FLAGS = {
    "route-reflector-client": "route_reflector_client",
    "next-hop-self": "next_hop_self",
    "default-originate": "send_default_route",
    "soft-reconfiguration inbound": "soft_reconfiguration",
}
#: What FRR does not send, as the words after ``send-community`` → what it sends.
_UNSENT = {
    frozenset({" all"}): "none",
    frozenset({" extended", " large"}): "standard",
    frozenset({"", " large"}): "extended",
    frozenset({" large"}): "both",
}


def exchange_of(
    family: Collection[str], name: str, above: Data | None, policies: Collection[str]
) -> tuple[Data, tuple[str, ...]]:
    """(what is exchanged, the lines that say so) of the lines of one family. ``above`` is what the neighbor's group
    says: what the neighbor has from there is not shown, and what it shows nevertheless is not read.
    """
    found: Data = {}
    taken: list[str] = []
    for line in family:
        match = re.fullmatch(r"neighbor (\S+) (.+)", line)
        said = _said(match[2], policies) if match and match[1] == name else {}
        new = above is None or any(above.get(key) != value for key, value in said.items())
        if said and new and not found.keys() & said.keys() and fits(BgpExchange, said):
            found |= said
            taken.append(line)
    prefix = f"no neighbor {name} send-community"
    unsent = [line for line in family if line == prefix or line.startswith(f"{prefix} ")]
    sent = _UNSENT.get(frozenset(line.removeprefix(prefix) for line in unsent))
    # What a group keeps back no neighbor in it sends.
    if sent is not None and (above is None or "send_community" not in above):
        found["send_community"] = sent
        taken += unsent
    return found, tuple(taken)


def _said(text: str, policies: Collection[str]) -> Data:
    if text in _FLAGS:
        return {_FLAGS[text]: True}
    if match := re.fullmatch(r"maximum-prefix (\d+)", text):
        return {"max_prefixes": int(match[1])}
    if (match := re.fullmatch(r"route-map (\S+) (in|out)", text)) and match[1] in policies:
        return {"import_policy" if match[2] == "in" else "export_policy": match[1]}
    return {}


def folded(exchange: Mapping[str, Data], families: Collection[str], *, named: bool) -> Data:
    """What all families say alike, once; what differs, in the family. ``named``: the families must be named."""
    keys = dict.fromkeys(key for said in exchange.values() for key in said)
    alike = {
        key: next(iter(exchange.values()))[key]
        for key in keys
        if all(key in said and said[key] == next(iter(exchange.values()))[key] for said in exchange.values())
    }
    own = {
        f"{family}_unicast": {k: v for k, v in exchange.get(family, {}).items() if k not in alike}
        for family in families
    }
    return {**alike, **({"afi_safis": own} if named or any(own.values()) else {})}
