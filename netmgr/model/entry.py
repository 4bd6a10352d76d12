"""One entry of the service log: what a workflow drafts, and what the store has sealed into the client's chain."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any, Literal, Self, TypeAlias, get_args

from netmgr.model.access import Auth
from netmgr.model.canonical import WORD, read, read_page
from netmgr.model.names import ID_PATTERN, Target

Phase = Literal["intent", "decision", "result"]
Visibility = Literal["internal", "client"]
Value: TypeAlias = "str | int | bool | Sequence[Value] | Mapping[str, Value] | None"
Facts: TypeAlias = Mapping[str, Value]

MAIN = "main"
"""The stream that every command writes to; others are reserved for workers at a client's site."""

MAX_INTEGER = 2**53 - 1
"""The largest integer that every JSON reader keeps exactly (RFC 8785, section 3.2.2.3)."""

_WORDS = (
    *("kind", "action", "actor", "request", "on"),
    *("outcome", "device", "change", "ticket", "corrects"),
)
_CHOICES = (("target", Target), ("phase", Phase), ("visibility", Visibility), ("auth", Auth))


@dataclass(frozen=True, slots=True)
class Body:
    """Free text, personal data, a diff or a command's output: kept apart from its entry, so that it can be erased."""

    content: bytes
    type: str
    """Media type without parameters, such as ``text/x-diff``; text is UTF-8."""


@dataclass(frozen=True, slots=True)
class BodyRef:
    """What an entry holds of its body. ``digest`` = SHA-256(32 random bytes of salt ‖ content), ``size`` in bytes."""

    digest: str
    size: int
    type: str

    def document(self) -> dict[str, Any]:
        """The reference as a JSON object."""
        return {"digest": self.digest, "size": self.size, "type": self.type}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a workflow wants logged. The store adds version, stream, seq, id, time, prev, hash and the body's digest.

    A draft that breaks the format (a float, a key that is not ASCII, a space in an id) is a programming error: it
    raises ValueError, naming the path, where it is made.
    """

    client: str
    target: Target
    kind: str
    action: str
    phase: Phase
    actor: str
    auth: Auth
    request: str
    on: str
    visibility: Visibility = "internal"
    facts: Facts = field(default_factory=dict)
    outcome: str | None = None
    device: str | None = None
    change: str | None = None
    ticket: str | None = None
    body: Body | None = None
    at: datetime | None = None
    """When it happened, if that differs from when it is recorded."""
    corrects: str | None = None
    """Id of the entry that this one corrects; nothing is ever updated."""

    def __post_init__(self) -> None:
        if len(self.client) > 63 or not re.fullmatch(ID_PATTERN.strip("^$"), self.client):
            raise ValueError(f"client: {self.client!r} is not an id of lower-case words joined by hyphens")
        for name, choices in _CHOICES:
            if getattr(self, name) not in get_args(choices):
                raise ValueError(f"{name}: {getattr(self, name)!r} is none of {', '.join(get_args(choices))}")
        for name in _WORDS:
            _check_word(name, getattr(self, name))
        if self.body is not None:
            _check_word("body.type", self.body.type)
        if self.outcome is not None and self.phase != "result":
            raise ValueError(f"outcome: {self.outcome!r} before the result (phase is {self.phase})")
        if self.at is not None and self.at.tzinfo is None:
            raise ValueError(f"at: {self.at} has no time zone")
        object.__setattr__(self, "facts", _plain(self.facts, "facts"))


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A sealed entry, exactly as docs/reference/service-log.md shows it. None means that the key is absent.

    Without slots: the parsed object becomes the entry as it is, and a report reads tens of thousands of them.
    """

    v: int
    client: str
    stream: str
    seq: int
    id: str
    time: str
    """When it was recorded: RFC 3339, UTC, microseconds; never earlier than the previous entry's."""
    target: Target
    kind: str
    action: str
    phase: Phase
    actor: str
    auth: Auth
    request: str
    on: str
    visibility: Visibility
    facts: Mapping[str, Any]
    prev: str
    hash: str
    outcome: str | None = None
    device: str | None = None
    change: str | None = None
    ticket: str | None = None
    body: BodyRef | None = None
    at: str | None = None
    corrects: str | None = None

    @classmethod
    def parse(cls, line: bytes) -> Self:
        """The entry that canonical bytes hold. Raises ValueError when they are not one; does not check the hash."""
        return cls._of(read(line))

    @classmethod
    def parse_page(cls, lines: Sequence[bytes], client: str, stream: str) -> list[Self]:
        """The same for several entries of one chain, for less."""
        return [cls._of(document) for document in read_page(lines, client, stream)]

    @classmethod
    def _of(cls, document: dict[str, Any]) -> Self:
        if (body := document.get("body")) is not None:
            document["body"] = BodyRef(**body)
        entry = object.__new__(cls)
        object.__setattr__(entry, "__dict__", document)
        return entry

    def document(self) -> dict[str, Any]:
        """The entry as a JSON object, in the order of this class; absent keys are not there."""
        members = {field.name: getattr(self, field.name) for field in fields(self)}
        if self.body is not None:
            members["body"] = self.body.document()
        return {name: value for name, value in members.items() if value is not None}


def rfc3339(moment: datetime) -> str:
    """An aware time as the log writes it: ``2026-11-23T05:00:00.123456Z``."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _check_word(name: str, value: str | None) -> None:
    if value is not None and not re.fullmatch(WORD, value):
        raise ValueError(f'{name}: {value!r} is not visible ASCII without spaces, " and \\')


def _plain(value: Any, path: str) -> Any:
    """A deep copy in JSON's own types, so that what was checked is what is sealed."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise ValueError(f"{path}: {value!r} holds half of a surrogate pair")
        return str(value)
    if isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise ValueError(f"{path}: {value} is not below 2^53; write it as a string")
        return int(value)
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str) or not key.isascii():
                raise ValueError(f"{path}: the key {key!r} is not ASCII text")
        return {key: _plain(item, f"{path}.{key}") for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, f"{path}[{index}]") for index, item in enumerate(value)]
    hint = "; write decimals and money as strings" if isinstance(value, float) else ""
    raise ValueError(f"{path}: {value!r} is a {type(value).__name__}, which the log does not hold{hint}")
