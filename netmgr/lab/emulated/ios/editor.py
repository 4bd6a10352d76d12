"""Somebody who types lines into an IOS configuration: which modes are open, what a line changes there."""

import re
from dataclasses import dataclass

from netmgr.lab.emulated.ios.aggregates import TOLD, copied, group_of, members, refusal
from netmgr.lab.emulated.ios.configuration import Configuration, Line
from netmgr.lab.emulated.ios.entries import ENTRY, WIDE, as_kept, covering, host, unnumbered, wide
from netmgr.lab.emulated.ios.grammar import Accepted, Misread
from netmgr.lab.emulated.ios.language import MODES
from netmgr.lab.emulated.ios.parameters import is_physical
from netmgr.lab.emulated.ios.secrets import as_stored

#: In a file the mark may be the control character itself.
_BANNER = re.compile(r"banner (motd|login|exec|incoming) (\^C|\x03|\S)(.*)", re.DOTALL)
_CLOSING = frozenset(mode.closed for mode in MODES.values() if mode.closed)


class Rejected(Exception):
    """A line that is understood and cannot be done; the device's own words."""


@dataclass(slots=True)
class Banner:
    """A banner that is being typed: its first words, the mark that ends it, and the text up to here."""

    head: str
    mark: str
    text: str


class Editor:
    """``path`` are the open sections with their modes, the outermost first. ``banner`` is one that is not closed.

    ``booting``: what it types is a startup configuration, whose interfaces are up unless it says otherwise.
    """

    def __init__(self, configuration: Configuration, *, booting: bool = False) -> None:
        self.configuration, self._booting = configuration, booting
        self.path: list[tuple[str, Line]] = [("config", configuration.root)]
        self.banner: Banner | None = None

    @property
    def mode(self) -> str:
        """The innermost mode's name."""
        return self.path[-1][0]

    def type(self, raw: str) -> None:
        """Take one line. A line that the mode does not know closes it. Raises Misread and Rejected."""
        if self.banner is not None:
            self.banner.text += f"\n{raw.rstrip()}"
            self._end_banner(self.banner)
            return
        line = raw.strip()
        if not line or line.startswith("!"):
            return
        if line == "end":
            del self.path[1:]
        elif line == "exit" or line in _CLOSING:
            del self.path[max(1, len(self.path) - 1) :]
        elif match := _BANNER.fullmatch(line):
            del self.path[1:]
            self.banner = Banner(f"banner {match[1]} ", match[2], match[3])
            self._end_banner(self.banner)
        elif line.startswith("no "):
            self._negate(line[3:].strip())
        elif line.startswith("default "):
            self._default(line[8:].strip())
        else:
            self._enter(line)

    def go_on(self, configuration: Configuration) -> None:
        """Go on in another configuration, in the same sections."""
        sections = [section.shown for _, section in self.path[1:]]
        banner, self.banner = self.banner, None
        self.configuration, self.path = configuration, [("config", configuration.root)]
        for section in sections:
            self.type(section)
        self.banner = banner

    def type_all(self, text: str) -> list[tuple[str, Misread | Rejected]]:
        """Type a whole file; the lines that were not taken, with the reason."""
        refused: list[tuple[str, Misread | Rejected]] = []
        for line in text.splitlines():
            try:
                self.type(line)
            except (Misread, Rejected) as error:
                refused.append((line.strip(), error))
        return refused

    def _read(self, line: str, *, negated: bool = False) -> tuple[int, Accepted]:
        """The innermost mode that understands the line; what is said is what the current mode said."""
        said: list[Misread] = []
        for depth in range(len(self.path) - 1, -1, -1):
            try:
                return depth, MODES[self.path[depth][0]].grammar.read(line, negated=negated)
            except Misread as error:
                said.append(error)
        raise max(said, key=lambda error: (error.why != "invalid", error.offset))

    def _enter(self, line: str) -> None:
        depth, accepted = self._read(line)
        accepted = as_stored(accepted, self.configuration)
        node = self.path[depth][1]
        self._check(accepted, depth)
        del self.path[depth + 1 :]
        command = accepted.command
        if command.polarity == "unshown":
            self.configuration.unshown[accepted.text] = _line(accepted)
            return
        if self.mode == "acl-standard" and unnumbered(accepted.words)[0] in ENTRY:
            accepted = as_kept(accepted)
            self._check_host(node, accepted)
        if self.mode.startswith("acl-") and accepted.words[0] in ENTRY:
            if any(unnumbered(child.words) == accepted.words for child in node.children):
                return
            accepted = self._numbered(node, accepted)
        node.children = [
            child
            for child in node.children
            if not (child.negated and child.command is command and child.same_setting(accepted))
        ]
        if command.polarity == "on":
            return
        new, there = _line(accepted), self._there(node, accepted)
        if self.mode in WIDE:
            new.shown = wide(new.shown)
        if there is None:
            node.children.append(new)
            self._made(new)
        elif command.enters:
            new = there
        else:
            node.children[node.children.index(there)] = new
        self._instead(node, new)
        if accepted.words[0] in TOLD:
            self._tell_members(node, line)
        if accepted.words[0] == "channel-group":
            self._join(node, accepted.words[1])
        if command.enters:
            self.path.append((command.enters, new))

    @staticmethod
    def _there(node: Line, accepted: Accepted) -> Line | None:
        """The line that this one replaces, or is already."""
        return next((c for c in node.children if not c.negated and c.same_setting(accepted)), None)

    @staticmethod
    def _instead(node: Line, new: Line) -> None:
        """Take away what cannot stand beside a new line."""
        if new.words[:2] == ("ip", "address"):
            node.children = [c for c in node.children if not (c.negated and c.words[:2] == ("ip", "address"))]
        if new.words[0] in ("username", "enable") and new.key > 1:
            node.children = [
                c for c in node.children if c is new or c.words[: new.key] != new.words[: new.key]
            ]

    def _made(self, new: Line) -> None:
        """Give a new object the lines that it begins with."""
        if new.command.enters == "interface":
            lines = default_lines("interface")
            down = is_physical(new.words[1]) and not self._booting
            new.children = [line for line in lines if line.negated or down]

    def _tell_members(self, node: Line, line: str) -> None:
        """See TOLD."""
        path = list(self.path)
        for member in members(self.configuration, node):
            self.path[1:] = [("interface", member)]
            self.type(line)
        self.path[:] = path

    def _join(self, port: Line, group: str) -> None:
        """Make the aggregate of a port where there is none: it does what the port does."""
        if self.configuration.first("interface", f"Port-channel{group}") is None:
            aggregate = _line(MODES["config"].grammar.read(f"interface Port-channel{group}"))
            self._made(aggregate)
            aggregate.children += copied(port)
            self.configuration.root.children.append(aggregate)

    def _part(self, aggregate: str) -> None:
        """Without its aggregate no port is a member."""
        for port in self.configuration.top("interface"):
            if group_of(port.children) == aggregate:
                port.children = [line for line in port.children if line.words[0] != "channel-group"]

    @staticmethod
    def _check_host(node: Line, accepted: Accepted) -> None:
        address = host(accepted.words)
        cover = None if address is None else covering((child.words for child in node.children), address)
        if cover is not None and unnumbered(accepted.words) == accepted.words:
            raise Rejected(
                "% Access rule can't be configured at higher sequence num as it is part of the existing rule at"
                f" sequence num {cover}"
            )

    @staticmethod
    def _numbered(node: Line, accepted: Accepted) -> Accepted:
        """An entry without a number comes last."""
        ipv6 = node.command.enters == "acl-ipv6"
        numbers = [int(child.words[1 if ipv6 else 0]) for child in node.children]
        number = str(max(numbers, default=0) + 10)
        words = (("sequence", number) if ipv6 else (number,)) + accepted.words
        return Accepted(accepted.command, words, 2 if ipv6 else 1, 0)

    def _check(self, accepted: Accepted, depth: int) -> None:
        """What a line needs before it can be done."""
        words, node = accepted.words, self.path[depth][1]
        if accepted.command.enters == "interface":
            name = words[1]
            if (
                is_physical(name.partition(".")[0])
                and name.partition(".")[0] not in self.configuration.hardware
            ):
                raise Misread("invalid", len("interface "))
        if words[:2] == ("router", "bgp"):
            other = self.configuration.first("router", "bgp")
            if other and other.words[2] != words[2]:
                raise Rejected(f"BGP is already running; AS is {other.words[2]}")
        if (
            words[0] == "neighbor"
            and accepted.group
            and words[2] not in ("remote-as", "peer-group", "inherit")
        ):
            known = [child for _, open_ in self.path[: depth + 1] for child in open_.children]
            if not any(
                c.begins(words[:2]) and c.words[2:3] in (("remote-as",), ("peer-group",)) for c in known
            ):
                raise Rejected("% Specify remote-as or peer-group commands first")
        if words[0] == "channel-group" and (said := refusal(self.configuration, node, words[1])):
            raise Rejected(said)
        if words[:2] == ("vrf", "forwarding") and not self.configuration.first("vrf", "definition", words[2]):
            raise Rejected(f"% VRF {words[2]} not configured.")
        if words[:2] == ("vrf", "forwarding") and not any(c.words == words for c in node.children):
            # IOS takes the addresses away when an interface changes its VRF.
            node.children = [
                c for c in node.children if c.words[:2] not in (("ip", "address"), ("ipv6", "address"))
            ]
            node.children += [line for line in default_lines("interface") if line.negated]

    def _negate(self, line: str) -> None:
        if line.startswith("banner "):
            words = tuple(line.split()[:2])
            root = self.configuration.root
            root.children = [child for child in root.children if not child.begins(words)]
            return
        depth, accepted = self._read(line, negated=True)
        command, node = accepted.command, self.path[depth][1]
        if self.path[depth][0] == "acl-standard" and unnumbered(accepted.words)[0] in ENTRY:
            accepted = as_kept(accepted)
        if command.polarity == "fixed":
            return
        if command.enters == "interface" and is_physical(accepted.words[1]):
            raise Rejected("% Removal of physical interfaces is not permitted")
        del self.path[depth + 1 :]
        self.configuration.unshown.pop(accepted.text, None)
        node.children = [child for child in node.children if not _goes(child, accepted)]
        if command.enters == "interface":
            self._part(accepted.words[1])
        if accepted.group and node.command.enters in ("bgp", "bgp-vrf-family"):
            self._forget_neighbor(node, accepted)
        if accepted.complete and command.polarity in ("both", "on"):
            negated = _line(accepted)
            negated.negated = True
            if accepted.words[:2] == ("ip", "address"):
                negated = default_lines("interface")[0]
            node.children.append(negated)
        elif not accepted.complete and accepted.words == ("ip", "address"):
            node.children.append(default_lines("interface")[0])
        if accepted.words[0] in TOLD:
            self._tell_members(node, f"no {line}")

    @staticmethod
    def _forget_neighbor(node: Line, accepted: Accepted) -> None:
        """Without its AS a neighbor is none; then nothing is said of it in the address families either."""
        gone = accepted.words[: accepted.group]
        if not accepted.complete or accepted.words[2:3] == ("remote-as",):
            node.children = [child for child in node.children if not child.begins(gone)]
            for family in node.children:
                if family.command.enters == "bgp-family":
                    family.children = [child for child in family.children if not child.begins(gone)]

    def _default(self, line: str) -> None:
        depth, accepted = self._read(line, negated=True)
        node = self.path[depth][1]
        if accepted.command.enters == "interface":
            for child in node.children:
                if child.words == accepted.words:
                    child.children = default_lines("interface")
            return
        node.children = [child for child in node.children if not _goes(child, accepted)]
        if accepted.words[0] in TOLD:
            self._tell_members(node, f"default {line}")

    def _end_banner(self, banner: Banner) -> None:
        """Keep the banner, once its mark has come."""
        if banner.mark not in banner.text:
            return
        self.banner = None
        body = banner.text.partition(banner.mark)[0]
        accepted = MODES["config"].grammar.read(f"{banner.head}^C")
        line = _line(accepted)
        line.shown = f"{banner.head}^C{body}^C"
        root = self.configuration.root
        root.children = [child for child in root.children if not child.same_setting(accepted)]
        root.children.append(line)


def _line(accepted: Accepted) -> Line:
    shown = " ".join(unnumbered(accepted.words))
    return Line(accepted.command, accepted.words, accepted.key, accepted.group, shown)


def _goes(child: Line, gone: Accepted) -> bool:
    """Whether a line is taken away by ``no`` and these words."""
    if gone.words[0] in ENTRY:
        return unnumbered(child.words) == gone.words
    if not gone.complete:
        return child.begins(gone.words)
    if gone.command.enters:
        return child.words == gone.words
    return child.same_setting(gone) or (gone.words[0] == "username" and child.begins(gone.words[:2]))


def default_lines(mode: str) -> list[Line]:
    """What an object of this mode begins with."""
    lines = []
    for text in MODES[mode].default:
        negated = text.startswith("no ")
        accepted = MODES[mode].grammar.read(text.removeprefix("no "), negated=negated)
        line = _line(accepted)
        line.negated = negated
        lines.append(line)
    return lines
