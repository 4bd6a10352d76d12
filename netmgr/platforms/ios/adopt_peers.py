"""What an IOS configuration says of one BGP neighbor or group."""

import re

from netmgr.model.fields import Description
from netmgr.model.routing import BgpNeighbor, BgpPeer
from netmgr.platforms.adopting import fits
from netmgr.platforms.ios.adopt_lines import Data, Known, Section, is_address, within

#: What a neighbor says beside its families → (key, whether it is a number).
_SESSION = {
    "remote-as": ("peer_as", int),
    "local-as": ("local_as", int),
    "ebgp-multihop": ("ebgp_multihop", int),
    "ttl-security hops": ("ttl_security", int),
    "description": ("description", str),
    "update-source": ("local_address", str),
}
_FEATURES = {
    "local_as": "bgp_local_as", "ttl_security": "bgp_ttl_security", "weight": "bgp_weight", "bfd": "bfd",
    "as_override": "bgp_as_override", "remove_private_as": "bgp_remove_private_as", "passive": "bgp_passive",
    "allowas_in": "bgp_allowas_in",
}  # fmt: skip
_FLAGS = {
    "as-override": "as_override",
    "remove-private-as": "remove_private_as",
    "route-reflector-client": "route_reflector_client",
    "next-hop-self": "next_hop_self",
    "default-originate": "send_default_route",
    "soft-reconfiguration inbound": "soft_reconfiguration",
}
_COMMUNITIES = {
    "send-community": "standard",
    "send-community extended": "extended",
    "send-community both": "both",
}
_NUMBERS = {"weight": "weight", "allowas-in": "allowas_in", "maximum-prefix": "max_prefixes"}


def session(section: Section, name: str, known: Known, feature: str) -> Data:
    """What a neighbor or group says of the session."""
    data, escaped = Data(), re.escape(name)
    kind = BgpNeighbor if is_address(name) else BgpPeer
    for words, (key, make) in _SESSION.items():
        found = section.only(rf"neighbor {escaped} {words} (.+)")
        if found is None or (make is int and not found[1][1].isdecimal()):
            continue
        value = make(found[1][1])
        if key == "local_address" and value not in known.interfaces:
            continue
        if key == "description" and not (
            within("neighbor_description_length", value) and fits(Description, value)
        ):
            continue
        if not fits(kind, {key: value}):
            continue
        _take(section, feature, key, found[0])
        data[key] = value
    password = section.only(rf"neighbor {escaped} password (\S+)")
    if password:
        section.take(feature, password[0])
        data["auth_password"] = section.reading.secret(password[1][1], "bgp password", name)
    timers = section.only(rf"neighbor {escaped} timers (\d+) (\d+)")
    if timers:
        given = {"keepalive_interval": int(timers[1][1]), "hold_time": int(timers[1][2])}
        if fits(kind, given) and given["hold_time"] > given["keepalive_interval"]:
            section.take(feature, timers[0])
            data |= given
    for words, key in (("fall-over bfd", "bfd"), ("transport connection-mode passive", "passive")):
        if section.only(rf"neighbor {escaped} {words}"):
            _take(section, feature, key, f"neighbor {name} {words}")
            data[key] = True
    if section.only(rf"neighbor {escaped} shutdown") and kind is BgpNeighbor:
        section.take(feature, f"neighbor {name} shutdown")
        data["enabled"] = False
    return data


def exchange(section: Section, name: str, known: Known, feature: str, *, group: str | None) -> Data:
    """What a neighbor or group says of one family; ``group`` is the neighbor's."""
    data, escaped = Data(), re.escape(name)
    for words, key in _FLAGS.items():
        if section.only(rf"neighbor {escaped} {words}"):
            _take(section, feature, key, f"neighbor {name} {words}")
            data[key] = True
    for words, key in _NUMBERS.items():
        found = section.only(rf"neighbor {escaped} {words} (\d+)")
        if found and fits(BgpPeer, {key: int(found[1][1])}):
            _take(section, feature, key, found[0])
            data[key] = int(found[1][1])
    for direction, key in (("in", "import_policy"), ("out", "export_policy")):
        found = section.only(rf"neighbor {escaped} route-map (\S+) {direction}")
        if found and found[1][1] in known.route_maps:
            section.take(feature, found[0])
            data[key] = found[1][1]
    sent = next((w for w in _COMMUNITIES if section.only(rf"neighbor {escaped} {w}")), None)
    if sent:
        section.take(feature, f"neighbor {name} {sent}")
        data["send_community"] = _COMMUNITIES[sent]
    elif group is None:
        data["send_community"] = "none"
    return data


def _take(section: Section, feature: str, key: str, line: str) -> None:
    section.take(_FEATURES.get(key, feature), line)
