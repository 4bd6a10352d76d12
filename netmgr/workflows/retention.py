"""Deletion by retention: what the agreement says is not to be kept any longer is listed, destroyed and certified."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from netmgr.errors import UsageError
from netmgr.model.agreement_terms import Kept
from netmgr.model.backup import Expiry
from netmgr.model.digest import sha256_hex
from netmgr.model.entry import Draft, Entry
from netmgr.ports.store import Gone
from netmgr.service.retention import (
    BASIS,
    KIND,
    DueBody,
    Retention,
    counted,
    due_bodies,
    retention,
    uncertified,
)
from netmgr.workflows.agreement import content, known
from netmgr.workflows.runtime import Runtime

_BATCH: Final = 200
"""Bodies that are erased in one transaction."""


@dataclass(frozen=True, slots=True)
class DueItem:
    """Things of one kind that are due by one rule. ``oldest`` is when the first was recorded, where that is known."""

    what: str
    rule: Kept
    count: int
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """What is due for deletion now; with ``certificate``, what was destroyed and the entry that says so."""

    client: str
    closes: datetime | None
    items: tuple[DueItem, ...]
    certificate: Entry | None = None


@dataclass(frozen=True, slots=True)
class _Plan:
    bodies: tuple[DueBody, ...]
    expiry: Expiry | None
    versions: tuple[str, ...]
    everything: bool
    snapshots: Sequence[str]
    reports: Sequence[str]

    @property
    def files(self) -> bool:
        return bool(self.versions or self.everything or self.snapshots or self.reports)


def due(runtime: Runtime) -> Due:
    """What would be destroyed. Raises UsageError where no signed agreement says how long what is kept."""
    runtime.require("read")
    promised = _promised(runtime)
    return _due(runtime, promised, _plan(runtime, promised))


def apply(runtime: Runtime) -> Due:
    """Destroy what is due, and certify it. Whatever cuts a run short, the next one finishes and certifies both."""
    runtime.require("agree")
    promised = _promised(runtime)
    plan = _plan(runtime, promised)
    found = _due(runtime, promised, plan)
    if plan.files:
        _destroy_files(runtime, plan)
    bodies = iter(plan.bodies)
    while batch := list(islice(bodies, _BATCH)):
        runtime.log.erase_all(runtime.client, [_order(runtime, body) for body in batch])
        runtime.progress(f"retention: {len(batch)} bodies erased")
    if not (destroyed := uncertified(runtime.log.entries(runtime.client, kind=KIND))):
        return found
    draft = runtime.draft(
        kind=KIND,
        action="certificate",
        phase="result",
        outcome="destroyed",
        visibility="client",
        facts={"basis": BASIS, **destroyed.facts},
    )
    (certificate,) = runtime.log.append(runtime.client, [draft])
    return Due(found.client, found.closes, found.items, certificate)


def _promised(runtime: Runtime) -> Retention:
    signed, now = known(runtime), runtime.clock.now()
    version = signed.in_force(now) or signed.newest
    if version is None:
        raise UsageError(
            f"{runtime.client}: no agreement is signed, so nothing says how long what is kept; "
            "`netmgr log erase` destroys a single body by order"
        )
    if version.body and runtime.log.body(runtime.client, version.body) is Gone.ERASED:
        return Retention({}, None)  # it was the last to go: there is nothing left
    return retention(content(runtime, version), now)


def _plan(runtime: Runtime, promised: Retention) -> _Plan:
    now, client = runtime.clock.now(), runtime.client
    bodies = due_bodies(runtime.log.entries(client), promised, now)
    limit, backups = promised.before("configurations", now), runtime.backups
    everything = promised.over("configurations", now)
    expiry: Expiry | None = None
    versions: tuple[str, ...] = ()
    snapshots: Sequence[str] = ()
    if limit is not None and backups is not None:
        snapshots = runtime.snapshots.older(client, now if everything else limit)
        if everything:
            kept = backups.versions(client, "network")
            versions = tuple(dict.fromkeys(version.commit for version in kept))
        elif expiry := backups.expiring(client, "network", limit):
            versions = expiry.commits
    desk = runtime.open_desk()
    reports = desk.kept(client) if promised.over("documents", now) else ()
    return _Plan(bodies, expiry, versions, everything and bool(versions), snapshots, reports)


def _due(runtime: Runtime, promised: Retention, plan: _Plan) -> Due:
    items = [DueItem("bodies", rule, *found) for rule, found in sorted(counted(plan.bodies).items())]
    files = (
        ("versions", "configurations", plan.versions),
        ("snapshots", "configurations", plan.snapshots),
        ("reports", "documents", plan.reports),
    )
    items += [DueItem(what, rule, len(found)) for what, rule, found in files if found]  # type: ignore[arg-type]
    return Due(runtime.client, promised.closes, tuple(items))


def _destroy_files(runtime: Runtime, plan: _Plan) -> None:
    """The log says first what goes: what is missing afterwards was destroyed, not lost."""
    client, desk = runtime.client, runtime.open_desk()
    files = {
        "reports": [sha256_hex(desk.read(client, name)) for name in plan.reports],
        "snapshots": list(plan.snapshots),
        "versions": list(plan.versions),
    }
    drafts = [
        runtime.draft(
            kind=KIND,
            action="destroy",
            phase="result",
            outcome="ordered",
            facts={"basis": BASIS, "files": files},
        )
    ]
    if plan.versions:
        oldest = plan.expiry.oldest if plan.expiry else ""
        facts = {"oldest": oldest, "versions": list(plan.versions)}
        drafts.append(
            runtime.draft(kind="backup", action="expire", phase="result", outcome="expired", facts=facts)
        )
    runtime.log.append(client, drafts)
    runtime.snapshots.remove(client, plan.snapshots)
    desk.remove(client, plan.reports)
    if runtime.backups is not None and plan.everything:
        runtime.backups.remove(client)
    elif runtime.backups is not None and plan.expiry is not None:
        runtime.backups.expire(client, "network", plan.expiry)


def _order(runtime: Runtime, body: DueBody) -> Draft:
    facts = {"basis": BASIS, "digest": body.digest, "rule": body.rule}
    return runtime.draft(kind=KIND, action="erase", phase="result", outcome="erased", facts=facts)
