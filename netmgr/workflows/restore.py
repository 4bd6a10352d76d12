"""Restore: give devices again what was kept of them, as a change like any other: plan, gates, timers, checks."""

import dataclasses
from collections.abc import Mapping

from netmgr.errors import Refused
from netmgr.model.backup import Version
from netmgr.model.change import DeployResult, IntentFacts, Plan
from netmgr.model.entry import Entry
from netmgr.model.selection import Selection
from netmgr.ports.backups import Backups
from netmgr.workflows.backup import after_change, kept_in
from netmgr.workflows.change import Approve, Change
from netmgr.workflows.deploy import as_given, refuse_foreign, refuse_if_open, saved, writing
from netmgr.workflows.gates import DeployRequest, judged
from netmgr.workflows.history import first_result
from netmgr.workflows.planning import Design, design, prepare
from netmgr.workflows.rollback import in_place_of_intended
from netmgr.workflows.runtime import Runtime


def restore(
    runtime: Runtime,
    wanted: Mapping[str, str | None],
    request: DeployRequest,
    *,
    approve: Approve,
    given: Plan | None = None,
) -> DeployResult:
    """Give each device of ``wanted`` the version named, None for its newest good one: all devices or none.

    Raises UsageError for an unknown version, Refused for one in quarantine and where a gate refuses.
    """
    started = runtime.clock.monotonic()
    with writing(runtime) as lease:
        refuse_if_open(runtime)
        if earlier := first_result(runtime):
            return earlier
        backups = kept_in(runtime)
        versions = {name: _good(backups, runtime, name, version) for name, version in wanted.items()}
        drawn = from_backups(
            runtime, design(runtime, Selection(names=tuple(versions)), unresolvable="mark"), backups, versions
        )
        with runtime.fleet.session(runtime.endpoints(drawn.devices)) as session:
            prepared = prepare(runtime, session, drawn, confirm_in=request.confirm_in)
            restored = {name: version.commit for name, version in versions.items()}
            if given:
                refuse_foreign(runtime, given)
                prepared = as_given(given, prepared)
            else:
                prepared = judged(runtime, prepared, request, restores=restored)
                runtime.plans.save(runtime.client, prepared.plan.id, saved(prepared.plan))
            change = Change(
                runtime,
                session,
                lease,
                prepared,
                request,
                action="restore",
                started=started,
                restored=restored,
            )
            result = change.run(approve)
            after_change(runtime, session, drawn.inventory, [result])
            return result


def from_backups(
    runtime: Runtime, drawn: Design, backups: Backups, versions: Mapping[str, Version]
) -> Design:
    """The design with these versions in place of what the inventory intends.

    Whole, also of a device that is managed in part: nothing else says what its other lines were.
    """
    texts = {
        name: runtime.forms[version.note.platform].canonical(
            backups.read(runtime.client, version)["running"].decode("utf-8", "surrogateescape")
        )
        for name, version in versions.items()
    }
    _refuse_other_platforms(drawn, versions)
    notes = {
        name: f"as it was read at {version.note.taken}: what the inventory intends since would be gone until the "
        "next deploy"
        for name, version in versions.items()
    }
    made = in_place_of_intended(drawn, texts, notes)
    whole = {name: item.model_copy(update={"owned": None}) for name, item in made.intended.items()}
    return dataclasses.replace(made, intended=whole)


def restored_by(runtime: Runtime, intent: Entry) -> Mapping[str, Version]:
    """The versions that a change was to restore; none for any other change."""
    restored = IntentFacts.parse(intent.facts).restored or {}
    backups = kept_in(runtime) if restored else None
    return (
        {name: backups.find(runtime.client, runtime.target, name, v) for name, v in restored.items()}
        if backups
        else {}
    )


def _good(backups: Backups, runtime: Runtime, device: str, version: str | None) -> Version:
    found = backups.find(runtime.client, runtime.target, device, version)
    if found.quarantined:
        why = "; ".join(finding.detail for finding in found.note.findings)
        newest = backups.newest(runtime.client, runtime.target).get(device)
        do = f"restore {newest.commit[:12]}, its newest good one" if newest else "there is no good one"
        raise Refused(
            "quarantine",
            f"{device} at {found.commit[:12]} is no good version: {why}",
            f"{do}; `netmgr backup show` and `diff` take it",
        )
    return found


def _refuse_other_platforms(drawn: Design, versions: Mapping[str, Version]) -> None:
    for device in drawn.devices:
        kept = versions[device.name].note.platform
        if kept != device.platform:
            raise Refused(
                "inventory",
                f"{device.name} is of platform {device.platform}, and the version of {kept}",
                "restore it by hand: `netmgr backup show --out FILE`",
            )
