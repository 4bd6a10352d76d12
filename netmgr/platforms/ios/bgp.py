"""BGP in one form: IOS shows the same speaker in two ways.

Without any address family configured it lists what concerns IPv4 unicast beside everything else, and every neighbor
exchanges it (``bgp default ipv4-unicast``); with one it shows the family as a section and says for each neighbor
whether it is active. The canonical form is the second, complete: it needs no default.
"""

import re

from netmgr.platforms.cli_tree import Line

_FAMILY = "address-family ipv4"
_NO_DEFAULT = "no bgp default ipv4-unicast"
#: Lines beside the families that speak of IPv4 unicast.
_OF_FAMILY = re.compile(
    r"(?:no )?(?:network|redistribute|aggregate-address|maximum-paths|default-information|default-metric|table-map"
    r"|distance|bgp dampening)(?: .*)?"
    r"|(?:no )?neighbor \S+ (?:activate|route-map|prefix-list|filter-list|distribute-list|next-hop-self"
    r"|route-reflector-client|send-community|soft-reconfiguration|maximum-prefix|default-originate|weight|allowas-in"
    r"|remove-private-as|unsuppress-map|advertise-map|as-override|inherit peer-policy)(?: .*)?"
)
_NEIGHBOR = re.compile(r"neighbor (\d\S*\.\S+|\S*:\S*) (?:remote-as|peer-group|inherit peer-session) .*")
_INACTIVE = re.compile(r"no neighbor \S+ activate")
_ACTIVE = re.compile(r"(?:no )?neighbor (\S+) activate")


def complete(speaker: Line) -> None:
    """Bring one ``router bgp`` section into the canonical form."""
    for line in speaker.children:
        if line.text in ("address-family ipv4 unicast", "address-family ipv6 unicast"):
            line.text = line.text.removesuffix(" unicast")
    for line in speaker.children:
        if line.text.startswith("address-family ") and line.text != _FAMILY:
            # Elsewhere nobody is active who does not say so.
            line.children = [each for each in line.children if not _INACTIVE.fullmatch(each.text)]
    family = next((line for line in speaker.children if line.text == _FAMILY), None)
    active = not any(line.text == _NO_DEFAULT for line in speaker.children)
    neighbors = dict.fromkeys(
        match[1] for line in speaker.children if (match := _NEIGHBOR.fullmatch(line.text))
    )
    rest: list[Line] = []
    inside = family.children if family else []
    for line in speaker.children:
        if line.text != _NO_DEFAULT:
            (inside if family is None and _OF_FAMILY.fullmatch(line.text) else rest).append(line)
    said = {match[1] for line in inside if (match := _ACTIVE.fullmatch(line.text))}
    inside += [
        Line(f"{'' if active else 'no '}neighbor {name} activate") for name in neighbors if name not in said
    ]
    if family is None and inside:
        rest.append(Line(_FAMILY, inside))
    speaker.children = rest
