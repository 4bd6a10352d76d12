"""config/policies/ignore/*.yaml: what an audit lets be for a while, who answers for it, why, and until when."""

from datetime import date
from typing import Self

from pydantic import model_validator

from netmgr.model.base import Frozen
from netmgr.model.change_policy import Regex
from netmgr.model.fields import DateValue, Items, Text
from netmgr.model.names import Identifier
from netmgr.model.origins import Origin
from netmgr.model.scope import PlatformScope


class Ignored(PlatformScope):
    """``lines`` (in ``section``, from the outermost inward) in which a configuration may differ, or ``rules`` of
    compliance that need not hold. Patterns take a line as a whole, without its indentation; with a line goes what
    stands in it.
    """

    owner: Text
    """Who answers for it: a person's id, or a team."""
    reason: Text
    expires: DateValue
    """The last day on which it holds, on the client's calendar."""
    section: Items[Regex] = ()
    lines: Items[Regex] = ()
    rules: Items[Identifier] = ()

    @model_validator(mode="after")
    def _of_something(self) -> Self:
        if not self.lines and not self.rules:
            raise ValueError("lets nothing be; add lines, or rules of config/policies/compliance")
        if self.section and not self.lines:
            raise ValueError("has a section and no lines; add lines, or remove section")
        return self


class IgnorePattern(Frozen):
    """An ignore pattern with its name and its place."""

    name: Identifier
    ignored: Ignored
    origin: Origin

    def expired(self, today: date) -> bool:
        """Whether its time is over."""
        return today > self.ignored.expires
