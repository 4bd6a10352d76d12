"""How the desk writes to the log: what is decided from the tickets holds only while nobody else has changed one."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from netmgr.errors import Refused, StoreError, Superseded, UsageError
from netmgr.model.canonical import canonical
from netmgr.model.entry import Body, Draft, Entry, Visibility
from netmgr.model.record import Record
from netmgr.model.ticket import Act
from netmgr.service.ticket_record import KIND
from netmgr.workflows.runtime import Runtime

ATTEMPTS: Final = 10

#: The entry's word for how each act ended.
DONE: Final[Mapping[Act, str]] = {
    "open": "opened",
    "import": "imported",
    "ack": "acknowledged",
    "update": "updated",
    "note": "noted",
    "link": "linked",
    "escalate": "escalated",
    "pause": "paused",
    "resume": "resumed",
    "resolve": "resolved",
    "close": "closed",
    "reopen": "reopened",
    "accept": "accepted",
    "warn": "warned",
}
#: What the client may see of it; a note by itself says who may.
_FOR_THE_CLIENT: Final = frozenset({"open", "ack", "pause", "resume", "resolve", "close", "reopen"})


def decided(
    runtime: Runtime, decide: Callable[[], Sequence[Draft]], *, kind: str = KIND, beside: Collection[str] = ()
) -> tuple[Entry, ...]:
    """Append what ``decide`` makes of the tickets, or of another ``kind``, and of the kinds ``beside`` it, as they are;
    asked again where somebody was faster.

    The entries of the first command with this request, where it is repeated: then nothing is decided. Raises
    Refused(log) where the log cannot be written.
    """
    records = runtime.open_records()
    for attempt in range(ATTEMPTS):
        since = records.since(runtime.client, kind, *beside)
        if earlier := tuple(runtime.log.entries(runtime.client, kind=kind, request=runtime.request)):
            return earlier
        try:
            return runtime.log.append(runtime.client, list(decide()), since=since)
        except Superseded:
            if attempt == ATTEMPTS - 1:
                raise
        except StoreError as error:
            raise Refused(
                "log", str(error), "make the service log writable: what is done is logged"
            ) from error
    raise AssertionError("the last attempt returns or raises")


def found(runtime: Runtime, identity: str) -> Record:
    """The ticket's record. Raises UsageError where there is none."""
    record = runtime.open_records().get(runtime.client, KIND, identity)
    if record is None:
        raise UsageError(
            f"{runtime.client} has no ticket {identity}; `netmgr ticket list -c {runtime.client}` shows what it has"
        )
    return record


def next_number(runtime: Runtime) -> int:
    """The number that the next ticket gets."""
    newest = runtime.open_records().page(runtime.client, KIND, limit=1, newest_first=True)
    return newest[0].number + 1 if newest else 1


def act_draft(
    runtime: Runtime,
    identity: str,
    act: Act,
    facts: Mapping[str, Any],
    *,
    at: datetime | None,
    texts: Mapping[str, Any] | None = None,
    visible: bool = False,
    outcome: str | None = None,
) -> Draft:
    """What is logged of an act; ``texts`` are a JSON body. ``outcome`` is for one that ended otherwise."""
    visibility: Visibility = "client" if visible or act in _FOR_THE_CLIENT else "internal"
    return runtime.draft(
        kind=KIND,
        action=act,
        phase="result",
        outcome=outcome or DONE[act],
        ticket=identity,
        at=at,
        visibility=visibility,
        facts=dict(facts),
        body=Body(canonical(dict(texts)), "application/json") if texts else None,
    )


def texts_of(runtime: Runtime, digest: str | None) -> dict[str, Any] | None:
    """What a body of the desk's says; None where it was erased."""
    return texts_by(runtime, [digest]).get(digest) if digest else None


def texts_by(runtime: Runtime, digests: Collection[str]) -> Mapping[str, dict[str, Any]]:
    """The same for several, by digest; those that were erased are not there."""
    bodies = runtime.log.bodies(runtime.client, digests)
    return {digest: json.loads(body) for digest, body in bodies.items() if isinstance(body, bytes)}
