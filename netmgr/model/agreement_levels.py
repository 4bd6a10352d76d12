"""Levels of service: what is promised, as numbers that something measures."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from netmgr.model.base import Frozen
from netmgr.model.duration import Duration, length
from netmgr.model.fields import Items, Phone, shown
from netmgr.model.money import Percent
from netmgr.model.names import Identifier
from netmgr.model.scope import Glob

Impact = Literal["extensive", "significant", "limited"]
Urgency = Literal["critical", "high", "medium", "low"]
TargetCalendar = Literal["service", "always"]
"""Which time counts: the service calendar's, or every minute of every day."""


class Target(Frozen):
    """How soon a human answers, and how soon it works again, in time of ``calendar``."""

    response: Duration
    resolution: Duration | None = None
    calendar: TargetCalendar = "service"

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.resolution and length(self.resolution) < length(self.response):
            raise ValueError(
                f"resolution ({self.resolution}) is sooner than response ({self.response}); swap them"
            )
        return self


Matrix = Mapping[Impact, Mapping[Urgency, Identifier]]


class Levels(Frozen):
    """Priorities, the most severe first, and which one a ticket gets by impact and urgency.

    ``warn`` are the parts of a target, in percent, at which people are told that it runs out.
    """

    priorities: Annotated[Mapping[Identifier, Target], Field(min_length=1)]
    severity: Items[Identifier] = ()
    """The priorities in that order, where a form of the data keeps none of its own, as what is signed does."""
    matrix: Matrix
    warn: Items[Annotated[int, Field(ge=1, le=99)]] = (75,)

    @property
    def by_severity(self) -> Mapping[str, Target]:
        """The priorities, the most severe first."""
        return {name: self.priorities[name] for name in self.severity or self.priorities}

    @model_validator(mode="after")
    def _severity_is_of_the_priorities(self) -> Self:
        if self.severity and sorted(self.severity) != sorted(self.priorities):
            raise ValueError("severity: must name each of priorities once; remove it, or mend it")
        return self

    @model_validator(mode="after")
    def _matrix_is_whole(self) -> Self:
        for impact, row in self.matrix.items():
            for urgency, priority in row.items():
                if priority not in self.priorities:
                    known = ", ".join(self.priorities)
                    raise ValueError(
                        f"matrix.{impact}.{urgency}: {shown(priority)} is no priority; write one of {known}"
                    )
        missing = [
            f"{impact}.{urgency}"
            for impact in Impact.__args__  # type: ignore[attr-defined] # a Literal's own words
            for urgency in Urgency.__args__  # type: ignore[attr-defined]
            if urgency not in self.matrix.get(impact, {})
        ]
        if missing:
            raise ValueError(f"matrix: no priority for {', '.join(missing)}; write one for each")
        return self


class Emergency(Frozen):
    """Help at any hour. ``priority`` is which priority is an emergency.

    A person on call who has not acknowledged after ``acknowledge`` is followed by the next of the roster in
    config/oncall.yaml; after the last one it begins again, ``rounds`` times.
    """

    priority: Identifier
    acknowledge: Duration = "15m"
    rounds: Annotated[int, Field(ge=1, le=10)] = 2
    phone: Phone | None = None
    break_glass: bool = True
    """Whether a change may be made at once in an emergency, and be told afterwards."""


class Availability(Frozen):
    """The part of each ``per`` in which the devices could be reached, measured by probes."""

    target: Percent
    per: Literal["month", "quarter"] = "month"
    devices: Items[Glob] = ()
    """Which devices; all that are covered where it is not said."""


class Promises(Frozen):
    """What else is promised of the network; a key that is left out is not promised.

    ``drift_age`` is how long a difference from what was agreed stays, ``backup_age`` how old the newest backup is at
    most (RPO), ``restore`` how soon a device's configuration is back (RTO), ``drill`` how often that is proved,
    ``audit`` how often everything is looked at, ``unsupported`` how long software below the supported minimum stays.
    """

    availability: Availability | None = None
    drift_age: Duration | None = None
    audit: Duration | None = None
    backup_age: Duration | None = None
    restore: Duration | None = None
    drill: Duration | None = None
    unsupported: Duration | None = None


class Reports(Frozen):
    """A report for every ``every``, ``due`` days after its end."""

    every: Literal["month", "quarter"] = "month"
    due: Annotated[int, Field(ge=1, le=60)] = 5
    audiences: Annotated[Items[Literal["manager", "technical"]], Field(min_length=1)] = ("manager",)


class ChangeNotice(Frozen):
    """How long before a change the client is told of it, in time of ``calendar``."""

    before: Duration
    calendar: TargetCalendar = "always"
