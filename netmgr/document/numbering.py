"""Numbers for sections, clauses and annexes, given once, so that every format and every reference has the same."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from netmgr.document.block import Block, Clause, Section
from netmgr.document.locale import Words


def numbered(sections: Iterable[Section], words: Words) -> tuple[Section, ...]:
    """Sections ``1``, clauses ``1.1``, what is below them ``(a)``, then ``(i)``; annexes ``Annex 1``, clauses ``A1.1``.

    Sections below a section go on with its clauses: ``1.2`` after clause ``1.1``, their clauses ``1.2.1``.
    """
    made, chapters, annexes = [], 0, 0
    for section in sections:
        if section.annex:
            annexes += 1
            own, prefix = words.text("Annex {number}", number=annexes), f"A{annexes}"
        else:
            chapters += 1
            own = prefix = str(chapters)
        made.append(_section(section, own, prefix))
    return tuple(made)


def numbers(sections: Iterable[Section]) -> Mapping[str, str]:
    """Key → number of every section and clause that has both: what a text or a gate refers to."""
    found: dict[str, str] = {}
    for section in sections:
        found[section.key] = section.number
        for block in section.blocks:
            if isinstance(block, Clause):
                found |= _clause_numbers(block, "")
        found |= numbers(section.sections)
    return {key: number for key, number in found.items() if key and number}


def _section(section: Section, own: str, prefix: str) -> Section:
    count = 0
    blocks: list[Block] = []
    below: list[Section] = []
    for block in section.blocks:
        if isinstance(block, Clause):
            count += 1
            blocks.append(_clause(block, f"{prefix}.{count}", 0))
        else:
            blocks.append(block)
    for inner in section.sections:
        count += 1
        number = f"{prefix}.{count}"
        below.append(_section(inner, number, number))
    return replace(section, number=own, blocks=tuple(blocks), sections=tuple(below))


def _clause(clause: Clause, number: str, depth: int) -> Clause:
    mark = _letter if depth == 0 else _roman
    items = (_clause(item, f"({mark(n)})", depth + 1) for n, item in enumerate(clause.items, 1))
    return replace(clause, number=number, items=tuple(items))


def _clause_numbers(clause: Clause, above: str) -> dict[str, str]:
    full = f"{above}{clause.number}"
    found = {clause.key: full}
    for item in clause.items:
        found |= _clause_numbers(item, full)
    return found


def _letter(number: int) -> str:
    """``a`` … ``z``, ``aa`` …"""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


def _roman(number: int) -> str:
    text = ""
    for value, sign in ((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")):
        count, number = divmod(number, value)
        text += sign * count
    return text
