"""Rehearsals in the service log: written there once, and found there by whoever has the plan and shares the store."""

from netmgr.change.rehearsal import rehearsed_digest
from netmgr.errors import Refused, StoreError
from netmgr.model.change import Plan
from netmgr.model.entry import Body
from netmgr.model.rehearsal import AttachedRehearsal, Rehearsal, RehearsalFacts
from netmgr.workflows.runtime import Runtime


def attached(runtime: Runtime, plan: Plan) -> AttachedRehearsal | None:
    """The newest rehearsal of exactly this plan, or of one that does the same; else the newest of its earlier form."""
    basis, earlier = rehearsed_digest(plan), None
    for entry in runtime.log.entries(runtime.client, kind="rehearsal", newest_first=True):
        if entry.target != plan.target or entry.outcome not in ("passed", "failed"):
            continue
        try:
            facts = RehearsalFacts.model_validate(entry.facts)
        except ValueError:  # of another version
            continue
        found = AttachedRehearsal(
            id=facts.rehearsal,
            plan=facts.plan,
            time=entry.time,
            outcome="passed" if entry.outcome == "passed" else "failed",
            partitions=facts.partitions,
            seconds_lost=facts.milliseconds_lost / 1000,
            emulated=facts.emulated,
            exact=facts.basis == basis,
        )
        if found.exact:
            return found
        if facts.plan == plan.id:
            earlier = earlier or found
    return earlier


def note(runtime: Runtime, made: Rehearsal) -> None:
    """The one entry of a rehearsal: what is attached to its plan. Raises Refused(log)."""
    facts = RehearsalFacts(
        plan=made.plan,
        basis=made.basis,
        rehearsal=made.id,
        change=made.change,
        devices=len(made.devices),
        emulated=sum(device.kind == "emulated" for device in made.devices),
        adjacencies_lost=len(made.adjacencies_lost),
        adjacencies_gained=len(made.adjacencies_gained),
        routes_lost=sum(len(device.lost) for device in made.routes),
        routes_gained=sum(len(device.gained) for device in made.routes),
        partitions=len(made.partitions),
        milliseconds_lost=round(1000 * max((outage.seconds for outage in made.outages), default=0)),
    )
    draft = runtime.draft(
        kind="rehearsal",
        action="rehearse",
        phase="result",
        outcome=made.outcome,
        facts=facts.model_dump(),
        body=Body(made.model_dump_json(indent=2).encode(), "application/json"),
    )
    try:
        runtime.log.append(runtime.client, [draft])
    except StoreError as error:
        raise Refused(
            "log", str(error), "make the store writable: a rehearsal counts by its entry"
        ) from error
