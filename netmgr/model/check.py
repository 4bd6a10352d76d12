"""config/checks/*.yaml: what must hold after a change besides its adjacencies. One model for each kind of check."""

import re
from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, JsonValue, WithJsonSchema, model_validator

from netmgr.model.base import Frozen
from netmgr.model.fields import (
    AddressValue,
    InterfaceName,
    Items,
    NetworkValue,
    Seconds,
    matching,
    shown,
)
from netmgr.model.scope import Glob, Scope

Severity = Literal["fail", "warn"]
"""``fail``: the change goes back unless the check holds. ``warn``: it is only told."""

_TOLERANCE = re.compile(r"(0|[1-9][0-9]{0,2})%")

RouteProtocol = Literal["connected", "static", "ospf", "bgp", "kernel"]


class Tolerance(Frozen):
    """How much a number may change: a part of it in percent, or so many."""

    percent: int | None = None
    count: int = 0

    def of(self, number: int) -> int:
        """The largest change of ``number`` that is tolerated; a part of one is none."""
        return self.count if self.percent is None else number * self.percent // 100

    def __str__(self) -> str:
        return str(self.count) if self.percent is None else f"{self.percent}%"


def _tolerance(value: object) -> object:
    if isinstance(value, Tolerance):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return Tolerance(count=value)
    match = _TOLERANCE.fullmatch(value) if isinstance(value, str) else None
    if match is None or int(match[1]) > 100:
        raise ValueError(
            f"{shown(value)} is no tolerance; write a number of routes such as 3, or a part such as 5%"
        )
    return Tolerance(percent=int(match[1]))


ToleranceValue = Annotated[
    Tolerance,
    BeforeValidator(_tolerance),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 0},
                {"type": "string", "pattern": "^(?:100|[1-9]?[0-9])%$"},
            ],
            "description": "a number such as 3, or a part such as 5%",
        }
    ),
]


class CheckSpec(Scope):
    """What every check has. It looks at the active devices that fit all of ``devices``, ``roles`` and ``sites``.

    ``within``: seconds after the commit in which it must come to hold, at most what the timer leaves. ``settle``:
    seconds after the commit before it is first looked at, for what takes time to go wrong.
    """

    SETTLE: ClassVar[int] = 0

    kind: str
    severity: Severity = "fail"
    within: Seconds | None = None
    settle: Annotated[int, Field(ge=0, le=3600)] | None = None

    @model_validator(mode="after")
    def _in_time(self) -> Self:
        if self.within is not None and self.within <= self.settled:
            raise ValueError(
                f"within is {self.within} s, but it settles for {self.settled} s first; "
                "write a longer within or a shorter settle"
            )
        return self

    @property
    def settled(self) -> int:
        """Seconds after the commit before it is looked at."""
        return self.SETTLE if self.settle is None else self.settle


class RoutesCheck(CheckSpec):
    """How many routes of each table and protocol are in use, compared with before; and prefixes that must be there."""

    SETTLE = 8  # bgpd applies a changed policy after `bgp route-map delay-timer` (5 s), then others have to hear of it

    kind: Literal["routes"]
    protocols: Items[RouteProtocol] = ()
    lose_at_most: ToleranceValue = Tolerance()
    gain_at_most: ToleranceValue | None = None
    present: Items[NetworkValue] = ()


class InterfacesCheck(CheckSpec):
    """What was up is up, unless the plan shuts it; ``up`` names interfaces that must be."""

    kind: Literal["interfaces"]
    up: Items[InterfaceName] = ()


class LldpCheck(CheckSpec):
    """Who is heard with LLDP on a link's interface is who topology.yaml says."""

    kind: Literal["lldp"]


class ReachabilityCheck(CheckSpec):
    """The devices' loopbacks, or stated addresses, answer echo requests from each selected device.

    ``loopbacks`` are globs of devices; all, where neither these nor ``addresses`` are given. Between loopbacks the
    source is the device's own loopback, so that the way back is tried too. ``wait``: seconds for an answer.
    """

    SETTLE = 8

    kind: Literal["reachability"]
    loopbacks: Items[Glob] = ()
    addresses: Items[AddressValue] = ()
    wait: Annotated[int, Field(ge=1, le=10)] = 1


class NapalmValidateCheck(CheckSpec):
    """A file of NAPALM's own validation; ``file`` lies below config/checks."""

    kind: Literal["napalm_validate"]
    file: Annotated[
        str,
        matching(
            r"(?:[A-Za-z0-9_][A-Za-z0-9._-]*/)+[A-Za-z0-9_][A-Za-z0-9._-]*\.ya?ml",
            "a file in a directory below config/checks",
            "napalm/edge.yaml",
        ),
    ]


class PluginCheck(CheckSpec):
    """A kind that another package brings (entry points ``netmgr.checks``); ``options`` are its own."""

    options: Mapping[str, JsonValue] = {}


KINDS: Mapping[str, type[CheckSpec]] = {
    "routes": RoutesCheck,
    "interfaces": InterfacesCheck,
    "lldp": LldpCheck,
    "reachability": ReachabilityCheck,
    "napalm_validate": NapalmValidateCheck,
}
"""The kinds that netmgr has."""

AnyCheck = RoutesCheck | InterfacesCheck | LldpCheck | ReachabilityCheck | NapalmValidateCheck | PluginCheck
"""What an editor is told of."""
