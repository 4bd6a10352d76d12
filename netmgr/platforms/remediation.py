"""From one configuration of the industry-standard CLI to another by the lines that differ: some undone, some told.

hier_config works out which; what a platform knows beyond that is data (``Undoing``). The answer is a proposal: what
comes of it is read from the device and compared, whatever was expected.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Protocol

from netmgr.platforms.cli_tree import Line

if TYPE_CHECKING:
    from hier_config import HConfig, HConfigChild
    from hier_config.platforms.driver_base import HConfigDriverBase

#: Before the name of an object that goes, as long as hier_config has its say.
_NAME = "\0"

Lineage = tuple[str, ...]
"""A pattern for the beginning of a line, preceded by those for the lines that open the sections around it."""


class Subject(Protocol):
    """What a line is about; ``inside`` a section, or at the top level."""

    def __call__(self, line: str, *, inside: bool) -> str:
        """Equal for lines of which the one replaces the other."""


@dataclass(frozen=True, slots=True)
class Undoing:
    """How a platform's lines are undone.

    ``single`` are settings of which the new one replaces the old one: it is not undone first. A group in the pattern
    names what a setting is of. ``ordered`` are sections whose order counts: they are made anew as a whole. ``lists``
    are lists of lines at the top level whose order counts, named by the group: where more than the end differs they are
    told anew. ``objects`` are things of which several lines tell, named by the group: ``no`` and the name undoes them
    all; so does ``no`` of the line that makes one, which ``makers`` names by what follows. ``resets`` are lines that
    take others of their section with them, which the pattern beside it names.
    ``defaults`` are lines of which ``no`` is something of its own: ``default`` undoes them.
    ``used`` are things that other lines name: they are undone last. ``fixed`` are sections that nothing removes.
    """

    single: tuple[Lineage, ...] = ()
    ordered: str = r"(?!)"
    lists: str = r"(?!)"
    objects: tuple[Lineage, ...] = ()
    makers: str = r"(?!)"
    resets: tuple[tuple[Lineage, str], ...] = ()
    defaults: tuple[Lineage, ...] = ()
    used: str = r"(?!)"
    fixed: str = r"(?!)"


def remedy(running: list[Line], target: list[Line], undoing: Undoing) -> list[Line]:
    """What is typed to bring ``running`` to ``target``, both canonical; nothing about sections that are the same."""
    lists, running, target = _lists(running, target, undoing.lists)
    before, after = _differing(running, target), _differing(target, running)
    blocks = _blocks(before, after)
    before, after = ([_copy(line) for line in lines if not _verbatim(line)] for lines in (before, after))
    kept = {line.text for line in after}
    after += [
        Line(line.text) for line in before if line.text not in kept and re.fullmatch(undoing.fixed, line.text)
    ]
    _without_objects(before, after, undoing, undoing.objects)
    _without_reset(before, after, undoing.resets)
    told = _told(before, after, undoing)
    last = [line for line in told if _undoes(line, undoing.used) and not _comes_again(line, told)]
    return [*(line for line in told if line not in last), *blocks, *lists, *reversed(last)]


def made_anew(script: Iterable[Line], subject: Subject, above: str = "") -> Iterator[str]:
    """What a script undoes before it tells it, or another of its kind, anew: in between there is none."""
    gone: set[str] = set()
    for line in script:
        bare = line.text.removeprefix("no ")
        about = subject(bare, inside=bool(above))
        if line.text != bare:
            gone.add(about)
        elif about in gone:
            yield f"{above}{about}"
        yield from made_anew(line.children, subject, f"{above}{line.text} / ")


# -- before hier_config ------------------------------------------------------------------------------------------------


def _differing(lines: list[Line], others: list[Line]) -> list[Line]:
    there = {line.text: line for line in others}
    return [line for line in lines if there.get(line.text) != line]


def _copy(line: Line) -> Line:
    return Line(line.text, [_copy(each) for each in line.children], line.block)


def _verbatim(line: Line) -> bool:
    return bool(line.block) or line.text.startswith("banner ")


def _blocks(before: list[Line], after: list[Line]) -> list[Line]:
    """A verbatim text replaces the one before it, or is undone by its name."""
    new = [line for line in after if _verbatim(line)]
    names = {_named(line) for line in new}
    gone = dict.fromkeys(_named(line) for line in before if _verbatim(line))
    return [*(Line(f"no {name}") for name in gone if name not in names), *new]


def _named(line: Line) -> str:
    return " ".join(line.text.split(" ")[:2])


def _lists(
    running: list[Line], target: list[Line], pattern: str
) -> tuple[list[Line], list[Line], list[Line]]:
    """The lists that are told anew, and both configurations without them."""
    members = re.compile(pattern)
    lists, new_lists = _by_name(running, members), _by_name(target, members)
    anew = []
    for name, old in lists.items():
        new = new_lists.get(name, [])
        kept = [text for text in old if text in new]
        if kept != new[: len(kept)]:
            anew += [*(f"no {text}" for text in old), *new]
    told = {text.removeprefix("no ") for text in anew}
    before, after = ([line for line in lines if line.text not in told] for lines in (running, target))
    return [Line(text) for text in anew], before, after


def _by_name(lines: list[Line], members: re.Pattern[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in lines:
        if match := members.match(line.text):
            found.setdefault(match[0], []).append(line.text)
    return found


def _without_objects(
    before: list[Line], after: list[Line], undoing: Undoing, objects: Iterable[Lineage]
) -> None:
    """Of an object that goes one line is left: its name, after all that sections inside say of it.

    One that stays without the line that makes it goes first, and all of it is told anew.
    """
    here = [re.compile(lineage[0]) for lineage in objects if len(lineage) == 1]
    new = {name for line in after if (name := _object(line, here))}
    lost = dict.fromkeys(name for line in before if (name := _object(line, here)) and name not in new)
    remade = _made(before, here, undoing.makers) - _made(after, here, undoing.makers) - lost.keys()
    before[:] = [line for line in before if _object(line, here) not in remade | lost.keys()]
    before += [Line(name.rstrip()) for name in sorted(remade)]
    before += [Line(_NAME + name.rstrip()) for name in reversed(lost)]
    inside = {line.text: line for line in after}
    for line in before:
        line.children = [each for each in line.children if _object(each, here) not in remade]
        if line.children and line.text in inside:
            deeper = [
                lineage[1:] for lineage in objects if len(lineage) > 1 and re.match(lineage[0], line.text)
            ]
            _without_objects(line.children, inside[line.text].children, undoing, deeper)


def _made(lines: Iterable[Line], objects: list[re.Pattern[str]], makers: str) -> set[str]:
    """The objects that stand there by a line of their own."""
    names = ((line, _object(line, objects)) for line in lines)
    return {name for line, name in names if name and re.match(makers, line.text[len(name) :])}


def _object(line: Line, objects: Iterable[re.Pattern[str]]) -> str | None:
    return next((match[0] for pattern in objects if (match := pattern.match(line.text))), None)


def _without_reset(before: list[Line], after: list[Line], resets: Iterable[tuple[Lineage, str]]) -> None:
    """Where a line comes or goes that takes others with it, those are told again."""
    inside = {line.text: line for line in after}
    for (opener, change), retold in resets:
        for line in before:
            other = inside.get(line.text)
            if other is None or not re.match(opener, line.text):
                continue
            old, new = ({x.text for x in each.children if re.match(change, x.text)} for each in (line, other))
            if old != new:
                said = {x.text for x in other.children if re.match(retold, x.text)}
                line.children = [x for x in line.children if x.text not in said]


# -- hier_config -------------------------------------------------------------------------------------------------------


def _told(before: list[Line], after: list[Line], undoing: Undoing) -> list[Line]:
    from hier_config import HConfig

    driver = _driver(undoing)
    running, target = HConfig(driver), HConfig(driver)
    for root, lines in ((running, before), (target, after)):
        _fill(root, lines)
    return _line(running.config_to_get_to(target)).children


@cache
def _driver(undoing: Undoing) -> "HConfigDriverBase":
    from hier_config.models import (
        IdempotentCommandsRule,
        MatchRule,
        NegationDefaultWhenRule,
        SectionalOverwriteRule,
    )
    from hier_config.platforms.driver_base import HConfigDriverBase, HConfigDriverRules

    def matching(lineage: Lineage) -> tuple[MatchRule, ...]:
        return tuple(MatchRule(re_search=f"^(?:{pattern})") for pattern in lineage)

    class Driver(HConfigDriverBase):
        @staticmethod
        def _instantiate_rules() -> HConfigDriverRules:
            return HConfigDriverRules(
                idempotent_commands=[
                    IdempotentCommandsRule(match_rules=matching(lineage)) for lineage in undoing.single
                ],
                negation_default_when=[
                    NegationDefaultWhenRule(match_rules=matching(lineage)) for lineage in undoing.defaults
                ],
                sectional_overwrite=[SectionalOverwriteRule(match_rules=matching((undoing.ordered,)))],
            )

    return Driver()


def _fill(node: "HConfig | HConfigChild", lines: Iterable[Line]) -> None:
    for line in lines:
        _fill(node.add_child(line.text, return_if_present=True), line.children)


def _line(node: "HConfig | HConfigChild") -> Line:
    children = [_line(each) for each in node.children]
    gone = [each for each in children if _NAME in each.text]
    for each in gone:
        each.text = each.text.replace(_NAME, "")
    return Line(getattr(node, "text", ""), [*(each for each in children if each not in gone), *gone])


def _undoes(line: Line, what: str) -> bool:
    return not line.children and re.match(f"no (?:{what})", line.text) is not None


def _comes_again(line: Line, told: Iterable[Line]) -> bool:
    return any(f"no {other.text}" == line.text for other in told)
