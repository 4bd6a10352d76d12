"""The form that every platform fills in: data and small pure functions, never a branch in the workflows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from netmgr.model.state import AdjacencyState

Support = Literal["rendered", "host", "absent"]


@dataclass(frozen=True, slots=True)
class TimerLimits:
    """The device-side commit timer: its range in seconds."""

    minimum: int
    maximum: int


@dataclass(frozen=True, slots=True)
class StateRequest:
    """A read-only command and the function that understands its answer."""

    command: str
    parse: Callable[[str], tuple[AdjacencyState, ...]]


@dataclass(frozen=True, slots=True)
class PlatformForm:
    """One platform: what it can do, its canonical form, its secrets, its features.

    ``driver`` is NAPALM's name, None for a host that NAPALM does not configure. ``canonical`` gives the text on which
    configurations are compared, ``redact`` hides every secret in such a text, ``is_empty`` tells whether a canonical
    text holds nothing but what a fresh installation has. ``configured`` gives the adjacencies that a configuration
    asks for, as (protocol, peer).
    """

    name: str
    driver: str | None
    loopback: str | None
    features: Mapping[str, Support]
    replace: bool
    merge: bool
    commit_confirm: TimerLimits | None
    commit_message: bool
    fenced: bool
    canonical: Callable[[str], str]
    redact: Callable[[str], str]
    is_empty: Callable[[str], bool]
    configured: Callable[[str], frozenset[tuple[str, str]]]
    state_requests: tuple[StateRequest, ...] = ()
    optional_args: Mapping[str, object] = field(default_factory=dict)
