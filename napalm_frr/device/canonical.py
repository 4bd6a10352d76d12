"""FRR configuration text as a tree, and the one text that equal configurations share.

``show running-config`` and a candidate that says the same become equal trees, whatever their order, blanks,
comments and ``exit`` lines. A tree keeps the order in which lines were given, because they are sent in it (an
interface's first address of a subnet is its primary one); the canonical text has an order of its own.
"""

from __future__ import annotations

import re

from .order import read_order

try:  # hashlib loads OpenSSL, which takes longer than the digest
    from _sha2 import sha256  # type: ignore[import-not-found]  # Python 3.12
except ImportError:
    try:
        from _sha256 import sha256  # type: ignore[import-not-found]  # before it
    except ImportError:
        from hashlib import sha256

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from .order import Path, Tree

# Lines that are not configuration. Forwarding is on unless a ``no`` line says otherwise. ``hostname`` and
# ``domainname`` are the system's: FRR 8.4 shows the kernel's and does not keep what the command sets.
_NOISE = frozenset(
    ("ip forwarding", "ipv6 forwarding", "service integrated-vtysh-config", "end", "exit", "quit")
)
_NOISE_STARTS = (
    "!",
    "#",
    "exit-",
    "Building configuration",
    "Current configuration",
    "frr version ",
    "frr defaults ",
    "hostname ",
    "domainname ",
)
# What holds unless something else is said, by the words that open the section; FRR never shows these lines.
_BANDWIDTH = frozenset(("auto-cost reference-bandwidth 100000",))
_DEFAULTS = {
    "interface": frozenset(
        (
            "no shutdown",
            "ip ospf hello-interval 10",
            "ipv6 ospf6 hello-interval 10",
            "ipv6 ospf6 dead-interval 40",
        )
    ),
    "router ospf": _BANDWIDTH,
    "router ospf6": _BANDWIDTH,
}
# Lines that open a section, by the first word of the line whose section they stand in ("" is the top level).
_SECTIONS = {
    "": (
        r"interface \S+( vrf \S+)?",
        r"vrf \S+",
        r"router (bgp|ospf|ospf6|rip|ripng|isis|eigrp|babel|openfabric|pim|pim6)( .+)?",
        r"route-map \S+ (permit|deny) \d+",
        r"key chain \S+",
        r"line vty",
        r"bfd",
        r"mpls ldp",
        r"l2vpn \S+ type vpls",
        r"pbr-map \S+ seq \d+",
        r"nexthop-group \S+",
        r"segment-routing",
        r"rpki( vrf \S+)?",
    ),
    "router": (
        r"address-family \S+ \S+",
        r"bmp targets \S+",
        r"segment-routing srv6",
        r"vnc (defaults|(nve|l2)-group \S+)",
        r"vrf-policy \S+",
        r"flex-algo \d+",
    ),
    "address-family": (r"vni \d+", r"interface \S+"),
    "interface": (r"link-params",),
    "key": (r"key \d+",),
    "bfd": (r"peer .+", r"profile \S+"),
    "mpls": (r"address-family (ipv4|ipv6)",),
    "l2vpn": (r"member pseudowire \S+",),
    "segment-routing": (r"traffic-eng", r"srv6"),
    "traffic-eng": (r"segment-list \S+", r"policy color .+", r"pcep"),
    "policy": (r"candidate-path .+ dynamic",),
    "pcep": (r"pce-config \S+", r"pce \S+", r"pcc"),
    "srv6": (r"locators",),
    "locators": (r"locator \S+",),
}
# Compiled when first used: a login that only asks something does not pay for them.
_OPENERS = {parent: "|".join(lines) for parent, lines in _SECTIONS.items()}
# Sections that exist whether or not anything is configured in them: empty, they say nothing, shown or not.
_IMPLIED = ("interface ", "vrf ", "line vty", "link-params", "address-family ")

# What vtysh runs among configuration lines, by its first word or the beginning of it.
_COMMANDS = ("do", "find", "list", "output", "XFRR_start_configuration", "XFRR_end_configuration")

_BLANKS = re.compile("[ \t]+")
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")
LONGEST_LINE = 4000  # bytes; vtysh reads a file in pieces of 4096 and would split a longer line


def parse(text: str) -> Tree:
    """The tree of a configuration text as FRR shows it: indentation says which section a line stands in."""
    return _read(text)[0]


def check(text: str) -> tuple[Tree, dict[Path, int], list[tuple[int, str]]]:
    """Read a candidate strictly.

    Returns its tree, the line number of each path (the first, where a line is repeated) and what is wrong with
    the form of the text as (line number, message). The commands themselves are for FRR to judge.
    """
    tree, numbers = _read(text)
    problems = [
        (numbers[path], f"stands under {path[-2]!r}, which opens no section")
        for path in numbers
        if len(path) > 1 and not opens_section(path[:-1])
    ]
    for number, line in enumerate(text.split("\n"), 1):
        if _CONTROL.search(line.rstrip("\r")):
            problems.append((number, "control character"))
        if len(line.encode("utf-8", "surrogateescape")) > LONGEST_LINE:
            problems.append((number, f"longer than {LONGEST_LINE} bytes"))
        word = line.strip(" \t\r").split(" ", 1)[0]
        if word and any(command.startswith(word) for command in _COMMANDS):
            problems.append((number, "runs a command and configures nothing"))
    return tree, numbers, sorted(problems)


def render(tree: Tree) -> str:
    """The canonical text: one blank of indentation for each level, no comment and no ``exit`` lines."""
    return "".join(" " * (len(path) - 1) + path[-1] + "\n" for path in walk(tree))


def digest(tree: Tree) -> str:
    """SHA-256 of the canonical text as 64 hexadecimal digits: equal exactly where configurations are."""
    return text_digest(render(tree))


def text_digest(text: str) -> str:
    """SHA-256 of a text as 64 hexadecimal digits."""
    return str(sha256(text.encode("utf-8", "surrogateescape")).hexdigest())


def unite(tree: Tree, other: Tree) -> None:
    """Add to ``tree`` every line that ``other`` has."""
    for line, section in other.items():
        unite(tree.setdefault(line, {}), section)


def walk(tree: Tree, path: Path = ()) -> Iterator[Path]:
    """The path of every line, in canonical order."""
    for line in read_order(path, tree) if len(tree) > 1 else tree:
        yield (*path, line)
        if tree[line]:
            yield from walk(tree[line], (*path, line))


def opens_section(path: Path) -> bool:
    """Whether the last line of ``path`` opens a section, which may be empty."""
    opener = _OPENERS.get(path[-2].split(" ", 1)[0] if len(path) > 1 else "")
    return opener is not None and re.fullmatch(opener, path[-1]) is not None


def _read(text: str) -> tuple[Tree, dict[Path, int]]:
    root: Tree = {}
    numbers: dict[Path, int] = {}
    around: list[tuple[int, Path, Tree]] = [(-1, (), root)]
    for number, raw in enumerate(text.split("\n"), 1):
        body = raw.lstrip(" \t")
        line = _BLANKS.sub(" ", body.rstrip(" \t\r"))
        if not line or line in _NOISE or line.startswith(_NOISE_STARTS):
            continue
        indent = len(raw[: len(raw) - len(body)].expandtabs())
        while around[-1][0] >= indent:
            around.pop()
        _, path, tree = around[-1]
        if len(path) == 1 and line in _defaults(path[0]):
            continue
        here = (*path, line)
        around.append((indent, here, tree.setdefault(line, {})))
        numbers.setdefault(here, number)
    _drop_empty((), root)
    return root, numbers


def _defaults(section: str) -> frozenset[str]:
    first, _, rest = section.partition(" ")
    return _DEFAULTS.get(first) or _DEFAULTS.get(f"{first} {rest.partition(' ')[0]}", frozenset())


def _drop_empty(path: Path, tree: Tree) -> None:
    for line in list(tree):
        here = (*path, line)
        if tree[line]:
            _drop_empty(here, tree[line])
        if not tree[line] and line.startswith(_IMPLIED) and opens_section(here):
            del tree[line]
