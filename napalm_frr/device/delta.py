"""The commands that turn one configuration into another, with as little disturbance as FRR allows.

A change is a path: its last line is the command, the lines before it open the sections it is given in. Removals
come first and in reverse, so that nothing refers to what is gone; then what is new, definitions first. A setting
that holds one value is given its new value in place. None of this is trusted: whoever applies a delta reads back.
"""

from __future__ import annotations

import re

from .canonical import opens_section
from .order import sent_order

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from .order import Path, Tree

# Settings that hold one value, which a new value replaces in place. The groups name the setting, the rest is
# its value. Removed first, it would reset a session, forget a neighbor or leave a moment without policy.
_SETTINGS = "|".join(
    (
        r"(description) .+",
        r"(bandwidth) \d+",
        r"(ip ospf (?:cost|priority|hello-interval|dead-interval)) \d+",
        r"(ip ospf (?:retransmit-interval|transmit-delay)) \d+",
        r"(ip ospf network) \S+",
        r"(ipv6 ospf6 (?:cost|priority|hello-interval|dead-interval)) \d+",
        r"(ipv6 ospf6 (?:retransmit-interval|transmit-delay)) \d+",
        r"(ipv6 ospf6 network) \S+",
        r"(ipv6 ospf6 authentication key-id) .+",
        r"((?:bgp|ospf|ospf6) router-id|bgp cluster-id) \S+",
        r"(timers bgp) \d+ \d+",
        r"(timers throttle spf) .+",
        r"(auto-cost reference-bandwidth) \d+",
        r"(maximum-paths(?: ibgp)?) \d+",
        r"(neighbor \S+ (?:remote-as|description|password|update-source|advertisement-interval)) .+",
        r"(neighbor \S+ timers(?: connect)?) [\d ]+",
        r"(neighbor \S+ ebgp-multihop) \d+",
        r"(neighbor \S+ maximum-prefix) \d+",
        r"(neighbor \S+ (?:route-map|prefix-list|filter-list|distribute-list)) \S+ (in|out)",
        r"(set (?:metric|local-preference|weight|origin|ip next-hop|ipv6 next-hop (?:global|local))) \S+",
        r"(set (?:community|large-community|as-path prepend)) .+",
        r"(match (?:ip|ipv6) address prefix-list) \S+",
        r"((?:ip|ipv6) prefix-list \S+ seq \d+) .+",
        r"((?:ipv6 )?access-list \S+ seq \d+) .+",
        r"(bgp (?:as-path access-list|community-list standard) \S+ seq \d+) .+",
        r"((?:ip|ipv6) prefix-list \S+ description) .+",
    )
)
# A rule of a list, by its list and its content: FRR drops a rule without a word while the list holds the same one
# under another number, so that a rule that moves is removed first.
_RULE = re.compile(
    r"((?:ip|ipv6) prefix-list|(?:ipv6 )?access-list|bgp (?:as-path access-list|community-list standard))"
    r" (\S+) seq \d+ (.+)"
)
# Lines that "no" and the same words do not undo: FRR wants fewer words, or its default spelled out.
_UNDONE_BY = (
    (r"exec-timeout .+", "exec-timeout 10 0"),
    (
        (
            r"(description|password|enable password|set as-path prepend|on-match goto|detect-multiplier"
            r"|(?:echo )?(?:transmit|receive)-interval|ip msdp peer \S+) .+"
        ),
        r"no \1",
    ),
)
_ALWAYS_THERE = ("interface ", "vrf ", "line vty", "link-params")


def delta(running: Tree, target: Tree) -> list[Path]:
    """The changes from ``running`` to ``target``, in the order to make them; empty exactly when these are equal."""
    return [*_removals((), running, target, frozenset()), *_additions((), running, target, frozenset())]


def script(changes: list[Path]) -> tuple[str, list[Path]]:
    """The text of a file for ``vtysh -f`` and, for each of its lines, the path it gives or enters."""
    lines: list[str] = []
    paths: list[Path] = []
    inside: Path = ()

    def emit(depth: int, line: str, path: Path) -> None:
        lines.append(" " * depth + line)
        paths.append(path)

    for path in [*changes, ("",)]:
        around = path[:-1]
        if opens_section(path):
            around = path
        while inside != around[: len(inside)]:
            emit(len(inside) - 1, "exit", inside)
            inside = inside[:-1]
        while len(inside) < len(around):
            inside = around[: len(inside) + 1]
            emit(len(inside) - 1, inside[-1], inside)
        if path not in (around, ("",)):
            emit(len(inside), path[-1], path)
    return "".join(line + "\n" for line in lines), paths


def merge(running: Tree, candidate: Tree) -> tuple[Tree, frozenset[Path]]:
    """What ``running`` becomes when ``candidate`` is added to it.

    Also returns the paths that FRR may show or not once that is done: whether ``no X`` (or the ``X`` that undoes
    it) is a line of its own or the silent default is FRR's to say.
    """
    target = _copy(running)
    open_questions: set[Path] = set()
    _merge((), target, candidate, open_questions)
    return target, frozenset(open_questions)


def without(tree: Tree, paths: frozenset[Path]) -> Tree:
    """A copy of ``tree`` that lacks ``paths``."""
    return _without((), tree, paths) if paths else tree


def negate(line: str) -> str:
    """The command that undoes a line."""
    if line.startswith("no "):
        return line[3:]
    for pattern, command in _UNDONE_BY:
        found = re.fullmatch(pattern, line)
        if found:
            return found.expand(command)
    return "no " + line


def _removals(path: Path, old: Tree, new: Tree, lost: frozenset[str]) -> Iterator[Path]:
    if path[-1:] == ("link-params",) and "enable" in old and "enable" not in new:  # they go together
        yield (*path, "no enable")
        return
    lost_here = _lost_neighbors(path, old, new)
    lost |= lost_here
    added = [line for line in new if line not in old]
    replaced = {_setting(line) for line in added}
    moving = {rule.groups() for rule in map(_RULE.fullmatch, added) if rule} if not path else set()
    for line in reversed(sent_order(path, old)):
        here = (*path, line)
        if _neighbor(line) in lost:
            continue
        if line in new or (old[line] and _stays(here)):
            yield from _removals(here, old[line], new.get(line, {}), lost)
        elif _setting(line) is None or _setting(line) not in replaced or _moves(line, moving):
            yield (*path, negate(line))
    for name in sorted(lost_here, key=lambda name: f"neighbor {name} peer-group" in old):
        yield (*path, "no neighbor " + name)


def _additions(path: Path, old: Tree, new: Tree, lost: frozenset[str]) -> Iterator[Path]:
    lost |= _lost_neighbors(path, old, new)
    for line in sent_order(path, new):
        here = (*path, line)
        if line not in old or _neighbor(line) in lost:
            yield here
        yield from _additions(here, old.get(line, {}), new[line], lost)


def _stays(path: Path) -> bool:
    """A section that cannot be removed as a whole: its lines are."""
    line = path[-1]
    return line.startswith(_ALWAYS_THERE) or (
        line.startswith("address-family ") and path[0].startswith("router bgp")
    )


def _moves(line: str, moving: set[tuple[str, ...]]) -> bool:
    rule = _RULE.fullmatch(line) if moving else None
    return rule is not None and rule.groups() in moving


def _setting(line: str) -> tuple[str, ...] | None:
    match = re.fullmatch(_SETTINGS, line)
    return tuple(part for part in match.groups() if part) if match else None


def _neighbor(line: str) -> str | None:
    """The BGP neighbor or peer group that a line belongs to, and with which it goes."""
    words = (line[3:] if line.startswith("no ") else line).split(" ")
    if words[0] == "neighbor" and len(words) > 2:
        return words[1]
    return words[-1] if words[:3] == ["bgp", "listen", "range"] else None


def _lost_neighbors(path: Path, old: Tree, new: Tree) -> frozenset[str]:
    """The neighbors that FRR must forget: gone, or made in another way from now on (then they are made anew)."""
    if not path or not path[-1].startswith("router bgp"):
        return frozenset()
    before, after = _identities(old), _identities(new)
    return frozenset(name for name in before if before[name] != after.get(name))


def _identities(tree: Tree) -> dict[str, frozenset[str]]:
    """How each neighbor is made. The AS number is not part of it: FRR changes it in place."""
    found: dict[str, set[str]] = {}
    groups: dict[str, str] = {}
    for line in tree:
        words = line.split(" ")
        if words[0] != "neighbor" or len(words) < 3:
            continue
        _, name, kind = words[:3]
        if kind == "remote-as":
            found.setdefault(name, set()).add(kind)
        elif kind in ("interface", "peer-group"):
            found.setdefault(name, set()).add(" ".join(words[2:]))
            if kind == "peer-group" and len(words) > 3:
                groups[name] = words[3]
    for name, group in groups.items():
        if "remote-as" in found.get(group, ()):
            found[name].add("remote-as of the group")
    return {name: frozenset(made) for name, made in found.items()}


def _merge(path: Path, target: Tree, candidate: Tree, open_questions: set[Path]) -> None:
    settings = {_setting(line): line for line in target}
    for line, inner in candidate.items():
        opposite = negate(line)
        if line.startswith("no ") and line not in target:
            if not _remove_lines(target, opposite):
                target[line] = {}
                open_questions.add((*path, line))
        elif opposite in target:
            del target[opposite]
            open_questions.add((*path, line))
        else:
            setting = _setting(line)
            if setting is not None and line not in target:
                target.pop(settings.get(setting, ""), None)
                settings[setting] = line
            _merge((*path, line), target.setdefault(line, {}), inner, open_questions)


def _remove_lines(tree: Tree, start: str) -> bool:
    """Drop the line ``start``, else those that begin with its words; a neighbor's in the address families too."""
    found = [start] if start in tree else [line for line in tree if line.startswith(start + " ")]
    for line in found:
        del tree[line]
    if re.fullmatch(r"neighbor \S+", start):
        for line in tree:
            if line.startswith("address-family "):
                _remove_lines(tree[line], start)
                _remove_lines(tree[line], "no " + start)
    return bool(found)


def _copy(tree: Tree) -> Tree:
    return {line: _copy(inner) for line, inner in tree.items()}


def _without(path: Path, tree: Tree, paths: frozenset[Path]) -> Tree:
    return {
        line: _without((*path, line), inner, paths)
        for line, inner in tree.items()
        if (*path, line) not in paths
    }
