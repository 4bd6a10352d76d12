"""Where checks come from, and what a kind of check from another package must be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from pydantic import JsonValue

from netmgr.model.change import CheckStatus
from netmgr.model.check import CheckSpec
from netmgr.model.check_state import Getter
from netmgr.model.inventory import Inventory
from netmgr.model.origins import LocatedDict, Origin


class CheckPlugin(Protocol):
    """A kind of check that an entry point of the group ``netmgr.checks`` names; the entry point's name is the kind.

    State is in NAPALM's words: a mapping from a getter's name to what it returned.
    """

    getters: Sequence[str]
    """NAPALM's getters that it needs (the request)."""

    def problem(self, options: Mapping[str, Any]) -> str | None:
        """What is wrong with a check's ``options``, and what to write instead; None where nothing is."""

    def judge(
        self,
        device: str,
        before: Mapping[str, Any] | None,
        after: Mapping[str, Any],
        options: Mapping[str, Any],
    ) -> tuple[CheckStatus, str]:
        """Whether it holds on ``device``, and a detail in one line. Pure: it asks nobody, and changes nothing.

        ``before`` is the state before the change, None where it could not be read. What was broken before is
        ``pending``, not ``failed``: the change is not to blame.
        """


@dataclass(frozen=True, slots=True)
class Rule:
    """One getter of a NAPALM validate file and what its result must hold, in that file's words."""

    name: str
    getter: Getter
    expected: Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Check:
    """One check of config/checks. ``rules`` are those of its NAPALM validate file, ``plugin`` who judges it."""

    name: str
    spec: CheckSpec
    origin: Origin
    rules: tuple[Rule, ...] = ()
    plugin: CheckPlugin | None = None
    written: LocatedDict | None = field(default=None, compare=False, repr=False)
    """As it stands in its file, for messages."""


class Checks(Protocol):
    """The checks of the workspace."""

    def every(self) -> tuple[Check, ...]:
        """All of them. Raises InputError with every problem of every file, as ``file:line: what; what to do``."""

    def of(self, inventory: Inventory) -> tuple[Check, ...]:
        """Those made for the inventory's client.

        Raises InputError as ``every`` does, and where one that names the client speaks of a device, role or site that
        it does not have.
        """
