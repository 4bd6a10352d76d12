"""config/policies/compliance/*.yaml: what the devices' running configurations must hold, and what they must not."""

import re
from typing import Self

from pydantic import model_validator

from netmgr.model.audit import Severity
from netmgr.model.base import Frozen
from netmgr.model.change_policy import Regex
from netmgr.model.fields import Items, Text, shown
from netmgr.model.names import Identifier
from netmgr.model.origins import Origin
from netmgr.model.scope import PlatformScope

#: Stands in a pattern for what a group of ``each`` took. No quantifier looks so: those hold digits.
_PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")


class Block(Frozen):
    """A section whose first line is ``block`` and that holds a line for each of ``lines``; ``only``: no others."""

    block: Regex
    lines: Items[Regex] = ()
    only: bool = False


class Demands(PlatformScope):
    """What one rule asks for. Every pattern takes a line as a whole, without its indentation;
    text of several lines, such as a banner, is one.

    ``section`` are the lines that open the sections to look into, from the outermost inward; without it the whole
    configuration is looked into, at its top level. ``when`` and ``unless`` say in which of them: where every one, or
    none, of their lines stands. ``each`` makes the demand anew for every line that it takes; what its named groups took
    stands in other patterns as ``{name}``.
    """

    title: Text
    severity: Severity = "error"
    reference: Text | None = None
    """Who says so: a standard, a vendor's guide, an agreement."""
    remedy: Text | None = None
    section: Items[Regex] = ()
    when: Items[Regex] = ()
    unless: Items[Regex] = ()
    each: Regex | None = None
    required: Items[Regex] = ()
    forbidden: Items[Regex] = ()
    required_blocks: Items[Block] = ()
    forbidden_blocks: Items[Block] = ()

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not (self.required or self.forbidden or self.required_blocks or self.forbidden_blocks):
            raise ValueError("asks for nothing; add required, forbidden, required_blocks or forbidden_blocks")
        known = set(re.compile(self.each).groupindex) if self.each else set()
        for pattern in self._demanded():
            for name in _PLACEHOLDER.findall(pattern):
                if name not in known:
                    raise ValueError(
                        f"{shown(pattern)} speaks of {{{name}}}; add each: with a group (?P<{name}>…)"
                    )
        return self

    def _demanded(self) -> list[str]:
        blocks = (*self.required_blocks, *self.forbidden_blocks)
        inner = [line for block in blocks for line in (block.block, *block.lines)]
        return [*self.required, *self.forbidden, *inner]


class Rule(Frozen):
    """A rule with its name and its place."""

    name: Identifier
    demands: Demands
    origin: Origin


def filled(pattern: str, taken: dict[str, str]) -> str:
    """``pattern`` with what the groups of ``each`` took, as plain text."""
    return _PLACEHOLDER.sub(lambda m: re.escape(taken[m[1]]) if m[1] in taken else m[0], pattern)
