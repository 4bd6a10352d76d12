"""Configuration texts as IOS compares them: lines and their indentation, whatever they mean; from one to another.

This is what Cisco calls contextual configuration differences; `configure replace` runs the commands that they come to,
and looks again, five times at most.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

#: Lines that are no part of what is compared: what the device says of itself, and what it shows whatever it is told.
_ASIDE = re.compile(
    r"(!.*|end|exit-[a-z-]+|Building configuration.*|Current configuration ?:.*|Using \d+ out of .*|version \S+"
    r"|boot-(start|end)-marker|license udi .*|subscriber templating|multilink bundle-name authenticated"
    r"|spanning-tree extend system-id|ip forward-protocol nd|redundancy|control-plane|snmp-server user .*"
    r"|no ip address)?"
)
_BANNER = re.compile(r"banner \S+ (\^C|\S)(.*)")
#: Sections in which a line's place has a meaning.
_ORDERED = re.compile(r"(ip|ipv6) access-list ")


@dataclass(slots=True)
class Plain:
    """One line and the lines that stand deeper below it. ``line`` may be a banner of several lines."""

    line: str
    children: list["Plain"] = field(default_factory=list)

    def find(self, line: str) -> "Plain | None":
        """The child of this line."""
        return next((child for child in self.children if child.line == line), None)


def plain(text: str) -> Plain:
    """The text as a tree."""
    root = Plain("")
    path: list[tuple[int, Plain]] = [(-1, root)]
    lines = iter(text.splitlines())
    for raw in lines:
        line = raw.strip(" \r").replace("\x03", "^C")
        if match := _BANNER.fullmatch(line):
            while match[1] not in line.partition(match[1])[2]:
                following = next(lines, None)
                if following is None:
                    break
                line += f"\n{following.rstrip()}".replace("\x03", "^C")
        if _ASIDE.fullmatch(line):
            continue
        depth = len(raw) - len(raw.lstrip(" "))
        while path[-1][0] >= depth:
            path.pop()
        node = path[-1][1].find(line) or Plain(line)
        if node not in path[-1][1].children:
            path[-1][1].children.append(node)
        path.append((depth, node))
    return root


@dataclass(frozen=True, slots=True)
class Step:
    """One command: the sections to open before it, the line, and whether the line is new or goes."""

    sections: tuple[str, ...]
    line: str
    new: bool

    @property
    def command(self) -> str:
        """What is typed."""
        if self.new:
            return self.line
        head = self.line.partition("\n")[0]
        if head.startswith("banner "):
            return f"no {' '.join(head.split()[:2])}"
        return head[3:] if head.startswith("no ") else f"no {head}"


def steps(old: Plain, new: Plain, sections: tuple[str, ...] = ()) -> Iterator[Step]:
    """What leads from one to the other: in each section first what goes, then what comes."""
    if sections and _ORDERED.match(sections[-1]):
        yield from _in_order(old, new, sections)
        return
    for child in old.children:
        if new.find(child.line) is None and not (child.line.startswith("no ") and _set(new, child.line[3:])):
            yield Step(sections, child.line, new=False)
    for child in new.children:
        there = old.find(child.line)
        if there is None:
            yield Step(sections, child.line, new=True)
        if child.children:
            yield from steps(there or Plain(""), child, (*sections, child.line))
        elif there is not None and there.children:
            yield from steps(there, child, (*sections, child.line))


def _in_order(old: Plain, new: Plain, sections: tuple[str, ...]) -> Iterator[Step]:
    """From the first line that differs on everything goes and comes anew."""
    before, after = [c.line for c in old.children], [c.line for c in new.children]
    same = next(
        (n for n, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]),
        min(len(before), len(after)),
    )
    yield from (Step(sections, line, new=False) for line in before[same:])
    yield from (Step(sections, line, new=True) for line in after[same:])


def _set(section: Plain, setting: str) -> bool:
    """Whether the section sets what a line that goes says is not set: the new line takes its place. How a port switches
    does not say that it does.
    """
    return setting != "switchport" and any(
        child.line.startswith(f"{setting} ") or child.line == setting for child in section.children
    )


def differences(old: Plain, new: Plain) -> str:
    """As `show archive config differences` prints them: a sign before what is only in one, none before its sections."""
    found: list[str] = []
    shown: tuple[str, ...] = ()
    for step in steps(old, new):
        for depth, line in enumerate(step.sections):
            if shown[: depth + 1] != step.sections[: depth + 1]:
                added = any(
                    s.new and s.line == line and s.sections == step.sections[:depth] for s in steps(old, new)
                )
                if not added:
                    found.append(f"{' ' * depth}{line}")
        shown = step.sections
        indent, sign = " " * len(step.sections), "+" if step.new else "-"
        found += [f"{indent}{sign}{line}" for line in step.line.splitlines()]
        if not step.new:
            found += _whole(old, step, sign)
    return "".join(f"{line}\n" for line in found)


def _whole(tree: Plain, step: Step, sign: str) -> list[str]:
    """What goes with a section."""
    node: Plain | None = tree
    for line in (*step.sections, step.line):
        node = node.find(line) if node else None

    def below(parent: Plain, depth: int) -> Iterator[str]:
        for child in parent.children:
            yield f"{' ' * depth}{sign}{child.line}"
            yield from below(child, depth + 1)

    return list(below(node, len(step.sections) + 1)) if node else []
