"""One way to say which BGP neighbor is active in which family, and with which policy.

EOS activates every IPv4 neighbor unless told otherwise, takes ``network`` lines at the level of the speaker or of a
family, and policies there too (User Manual, "Border Gateway Protocol (BGP)": `bgp default`, `neighbor activate`,
`network (BGP)`, `neighbor route-map (BGP)`). The canonical form says everything where it holds.
"""

import re

from netmgr.platforms.cli_tree import Line
from netmgr.platforms.eos.number_lists import one_spelling

QUIET = "no bgp default ipv4-unicast"
#: The default, spelt out, and what makes it one for neighbors with IPv6 addresses too.
_SPOKEN, _OVER_IPV6 = "bgp default ipv4-unicast", "bgp default ipv4-unicast transport ipv6"
FAMILIES = ("ipv4", "ipv6")

_GROUP = re.compile(r"neighbor (\S+) peer[ -]group")
_MEMBER = re.compile(r"neighbor (\S+) peer[ -]group (\S+)")
_PEER = re.compile(r"neighbor (\S+) (?:remote-as \S+|peer[ -]group(?: \S+)?)")
_NETWORK = re.compile(r"network (\S+)(?: .*)?")
_POLICY = re.compile(r"neighbor (\S+) route-map \S+ (?:in|out)")
_ACTIVATE = re.compile(r"(no )?neighbor (\S+) activate")


def activated(lines: list[Line]) -> list[Line]:
    """The lines of a BGP speaker with each neighbor's activation, networks and policies in their families."""
    for line in lines:
        _spelled(line)
    texts = [line.text for line in lines]
    by_default = QUIET not in texts
    over_ipv6 = by_default and _OVER_IPV6 in texts
    if by_default:
        lines = [line for line in lines if line.text not in (_SPOKEN, _OVER_IPV6)]
    top = _Scope(lines, above=None)
    top.settle(by_default, over_ipv6)
    for line in lines:
        if line.text.startswith("vrf ") and line.children:
            scope = _Scope(line.children, above=top)
            scope.settle(by_default, over_ipv6)
            line.children = scope.lines
    return top.lines if not by_default else [*top.lines, Line(QUIET)]


#: What older versions write of a neighbor, and newer ones for it (``show running-config all`` of 4.19 and 4.22).
_OLD_WORDS = {
    " peer-group": " peer group",
    " soft-reconfiguration inbound": " rib-in pre-policy retain",
    " fall-over bfd": " bfd",
    " transport connection-mode passive": " passive",
}
_OLD = re.compile(rf"((?:no )?neighbor \S+)({'|'.join(_OLD_WORDS)})")
#: Numbers that are meant where none is said (User Manual, `neighbor allowas-in`, `neighbor ebgp-multihop`).
_MEANT = {" allowas-in": " 3", " ebgp-multihop": " 255"}
_BARE = re.compile(rf"neighbor \S+({'|'.join(_MEANT)})")
_MEMBERS = "bgp confederation peers "
_OSPFV3 = re.compile(r"(redistribute )ospf3\b")


def _spelled(line: Line) -> None:
    """One way for what EOS takes in several, and for words that newer versions write in another way."""
    if match := _OLD.match(line.text):
        line.text = match[1] + _OLD_WORDS[match[2]] + line.text[match.end() :]
    elif match := _BARE.fullmatch(line.text):
        line.text += _MEANT[match[1]]
    elif line.text.startswith(_MEMBERS):
        line.text = _MEMBERS + one_spelling(line.text.removeprefix(_MEMBERS))
    else:
        line.text = _OSPFV3.sub(r"\1ospfv3", line.text)
    for child in line.children:
        _spelled(child)


class _Scope:
    """A BGP speaker, or a VRF in one: what its lines say of neighbors. Peer groups are the speaker's."""

    def __init__(self, lines: list[Line], above: "_Scope | None") -> None:
        self.lines = list(lines)
        texts = [line.text for line in lines]
        own = {match[1] for text in texts if (match := _GROUP.fullmatch(text))}
        self.groups: set[str] = own | (above.groups if above else set())
        self.member = {match[1]: match[2] for text in texts if (match := _MEMBER.fullmatch(text))}
        self.peers = list(dict.fromkeys(match[1] for text in texts if (match := _PEER.fullmatch(text))))
        self.above = above

    def settle(self, by_default: bool, over_ipv6: bool) -> None:
        if by_default:
            self._activate(over_ipv6)
        self._networks()
        self._policies()
        for family in FAMILIES:
            if (section := self._section(family)) is not None:
                section.children = [line for line in section.children if not self._needless(line.text)]

    def _section(self, family: str) -> Line | None:
        return next((line for line in self.lines if line.text == f"address-family {family}"), None)

    def _family(self, family: str) -> Line:
        section = self._section(family)
        if section is None:
            self.lines.append(section := Line(f"address-family {family}"))
        return section

    def _activate(self, over_ipv6: bool) -> None:
        """What EOS does by itself, said: groups, and the IPv4 neighbors that are in none."""
        for peer in self.peers:
            if peer in self.member or (":" in peer and peer not in self.groups and not over_ipv6):
                continue
            texts = [line.text for line in self._family("ipv4").children]
            if not {f"neighbor {peer} activate", f"no neighbor {peer} activate"} & set(texts):
                self._family("ipv4").children.append(Line(f"neighbor {peer} activate"))

    def _needless(self, text: str) -> bool:
        """Whether a line says of a peer that is in no group that it is not active: nothing would make it so."""
        match = _ACTIVATE.fullmatch(text)
        return bool(match and match[1] and match[2] not in self.member)

    def _networks(self) -> None:
        for line in [line for line in self.lines if _NETWORK.fullmatch(line.text)]:
            self.lines.remove(line)
            self._family("ipv6" if ":" in line.text.split(" ")[1] else "ipv4").children.append(line)

    def _policies(self) -> None:
        """A policy for all families is one for each, where no other families than IPv4 and IPv6 are spoken of."""
        if any(
            line.text.startswith("address-family ")
            and line.text not in ("address-family ipv4", "address-family ipv6")
            for line in self.lines
        ):
            return
        for line in [line for line in self.lines if _POLICY.fullmatch(line.text)]:
            families = self._active(line.text.split(" ")[1])
            if not families:
                continue
            self.lines.remove(line)
            for section in families:
                direction = line.text.split(" ")[-1]
                beginning = f"neighbor {line.text.split(' ')[1]} route-map "
                own = [
                    c for c in section.children if c.text.startswith(beginning) and c.text.endswith(direction)
                ]
                if not own:
                    section.children.append(Line(line.text))

    def _active(self, peer: str) -> list[Line]:
        names = {peer, self.member.get(peer, peer)}
        found = []
        for family in FAMILIES:
            section = self._section(family)
            above = self.above._section(family) if self.above else None
            said: list[str] = [line.text for line in (above.children if above else ())]
            said += [line.text for line in (section.children if section else ())]
            if f"no neighbor {peer} activate" in said:
                continue
            if any(f"neighbor {name} activate" in said for name in names):
                found.append(section or self._family(family))
        return found
