"""config/oncall.yaml: who is on call, week by week, and who stands in for whom."""

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import Annotated, Self

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from netmgr.model.base import Frozen
from netmgr.model.client import Weekday
from netmgr.model.fields import DateValue, Items, Name, OneOrMore, TimeOfDay, TimeZone, at_least_one, shown
from netmgr.model.names import Identifier
from netmgr.model.people import EVERY_CLIENT, ClientOrEvery
from netmgr.model.service_calendar import DAYS

_WHEN = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?: (?:[01][0-9]|2[0-3]):[0-5][0-9])?"


def _when(value: str) -> str:
    try:
        if not re.fullmatch(_WHEN, value):
            raise ValueError  # noqa: TRY301 - one answer for both
        datetime.fromisoformat(value)
    except ValueError:
        raise ValueError(
            f'{shown(value)} is neither a day nor a time; write "2026-12-24" or "2026-12-24 09:00"'
        ) from None
    return value


When = Annotated[
    str,
    AfterValidator(_when),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": f"^{_WHEN}$",
            "description": 'a day, or a time as clocks show it, such as "2026-12-24 09:00"',
        }
    ),
]


class Handover(Frozen):
    """When a turn ends and the next one's begins, every week, as clocks show it."""

    day: Weekday = "monday"
    time: TimeOfDay = time(9)


class Override(Frozen):
    """Somebody who stands in for whoever's turn it is. Of days both ends belong to it."""

    from_: When = Field(alias="from")
    to: When
    person: Name

    @property
    def span(self) -> tuple[datetime, datetime]:
        """Begin and end, as clocks show them; the end does not belong to it."""
        ends = datetime.fromisoformat(self.to)
        whole = timedelta(days=1) if len(self.to) == 10 else timedelta()
        return datetime.fromisoformat(self.from_), ends + whole

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        begins, ends = self.span
        if ends <= begins:
            raise ValueError(f"ends at {self.to}, before it begins at {self.from_}; exchange the two")
        return self


class Roster(Frozen):
    """People who take turns of a week each, in their order, the first one's from ``from`` on.

    The order is also that in which others are called: whoever comes after the one on call.
    """

    clients: Annotated[OneOrMore[ClientOrEvery], AfterValidator(at_least_one)] = (EVERY_CLIENT,)
    timezone: TimeZone
    people: Annotated[Items[Name], Field(min_length=1)]
    from_: DateValue = Field(alias="from")
    handover: Handover = Handover()
    overrides: Items[Override] = ()

    @property
    def named(self) -> tuple[str, ...]:
        """Everybody in it, each once."""
        return tuple(dict.fromkeys((*self.people, *(one.person for one in self.overrides))))

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if twice := next((p for p in self.people if self.people.count(p) > 1), None):
            raise ValueError(f"people: {twice} stands twice; everybody has one turn")
        if (day := DAYS[self.from_.weekday()]) != self.handover.day:
            raise ValueError(
                f"from: {self.from_} is a {day}, and turns begin on a {self.handover.day} (handover.day)"
            )
        for one, other in pairwise(sorted(self.overrides, key=lambda override: override.span)):
            if other.span[0] < one.span[1]:
                raise ValueError(
                    f"overrides: {one.person} from {one.from_} and {other.person} from {other.from_} overlap; "
                    "shorten one"
                )
        return self


Rosters = Mapping[Identifier, Roster]


def roster_of(rosters: Rosters, client: str) -> Roster | None:
    """The client's own, else the one that is for all; None where there is neither."""
    for word in (client, EVERY_CLIENT):
        if found := next((one for one in rosters.values() if word in one.clients), None):
            return found
    return None
