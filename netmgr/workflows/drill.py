"""Drills: a twin begins empty, every device gets its newest backup there as a change, and is compared with it."""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from netmgr.backup.drill import Chosen, Found, Key, Wanted, chosen, drilled, wanted
from netmgr.change.rehearsal import can_form, emulated_words
from netmgr.errors import DeviceError, LabError, StoreError
from netmgr.intent.adjacency import adjacencies
from netmgr.model.backup import Version
from netmgr.model.change import DeployResult, DeviceResult
from netmgr.model.difference import difference, redacted, without_secrets
from netmgr.model.drill import Drill, Kind
from netmgr.model.inventory import Inventory
from netmgr.model.selection import Selection
from netmgr.model.state import Reading
from netmgr.ports.backups import Backups
from netmgr.ports.fleet import FleetSession
from netmgr.workflows.backup import kept_in
from netmgr.workflows.change import Change
from netmgr.workflows.deploy import writing
from netmgr.workflows.drilled import note, noted
from netmgr.workflows.gates import DeployRequest
from netmgr.workflows.lab import twin_network
from netmgr.workflows.planning import Design, design, prepare
from netmgr.workflows.rehearsal_watch import LIMIT
from netmgr.workflows.restore import from_backups
from netmgr.workflows.running import OURS, NetworkNow, intended
from netmgr.workflows.runtime import Runtime
from netmgr.workflows.twin import OnTheTwin, logged_in

_PAUSE = 0.2


@dataclass(frozen=True, slots=True)
class _Twin:
    """What came of a twin. Moments are on the monotonic clock."""

    kinds: Mapping[str, Kind]
    found: Mapping[str, Found]
    change: DeployResult
    wanted: Wanted
    up: int
    booted: float
    restored: float
    whole: float | None
    """When every adjacency was up; None where one was missing in the end."""


def drill(runtime: Runtime) -> Drill:
    """Restore the newest backup of every device on a twin, and say how it went. No device of the client is contacted.

    Raises LabError where no twin can be booted, StoreError where nothing is kept, Refused(log) where it could not be
    logged.
    """
    runtime.require("read")
    started = runtime.clock.monotonic()
    if earlier := noted(runtime):
        return earlier
    backups = kept_in(runtime)
    note(runtime, None)
    # What is not ours boots with its half of the links: nobody backs it up.
    outside = design(runtime, Selection(), lifecycles=frozenset({"external"}), unresolvable="mark")
    choices, left_out = _choices(runtime, backups, outside.inventory)
    unreadable = _unreadable(runtime, backups, choices)
    versions = {c.device: c.version for c in choices if c.version and c.device not in unreadable}
    runtime.progress(f"drill: {len(versions)} of {len(choices)} devices have a backup that is restored")
    twin = _drilled(runtime, outside, backups, versions) if versions else None
    ended = runtime.clock.monotonic()
    found = {**(twin.found if twin else {}), **unreadable}
    kinds = twin.kinds if twin else {}
    devices = tuple(drilled(c, kinds.get(c.device), found.get(c.device, Found())) for c in choices)
    passed = bool(devices) and all(device.outcome == "proved" for device in devices)
    made = Drill(
        id=runtime.clock.new_id(),
        client=runtime.client,
        target=runtime.target,
        time=runtime.clock.now().isoformat(timespec="seconds"),
        outcome="passed" if passed else "failed",
        change=twin.change.outcome if twin else None,
        devices=devices,
        left_out=left_out,
        adjacencies=len(twin.wanted.keys) if twin else 0,
        up=twin.up if twin else 0,
        reasons=_reasons(twin),
        warnings=_warnings(outside, kinds, twin),
        seconds=_seconds(started, twin, ended),
    )
    note(runtime, made)
    return made


def _choices(
    runtime: Runtime, backups: Backups, inventory: Inventory
) -> tuple[tuple[Chosen, ...], dict[str, str]]:
    """What is restored of each device that is there and ours; and why the others are no part of it."""
    versions = backups.versions(runtime.client, runtime.target)
    choices, left_out = [], dict[str, str]()
    for device in inventory.devices:
        if device.lifecycle not in OURS:
            left_out[device.name] = device.lifecycle
        elif not runtime.forms[device.platform].driver:
            left_out[device.name] = f"{device.platform}: not configured here"
        else:
            choices.append(chosen(device.name, device.platform, versions))
    return tuple(choices), left_out


def _unreadable(runtime: Runtime, backups: Backups, choices: Iterable[Chosen]) -> dict[str, Found]:
    """The devices whose backup is there and cannot be opened, or is not what was kept."""
    found = {}
    for choice in choices:
        if choice.version is not None:
            try:
                backups.read(runtime.client, choice.version)
            except StoreError as error:
                found[choice.device] = Found(error=f"its backup cannot be opened: {error}")
    return found


def _drilled(runtime: Runtime, outside: Design, backups: Backups, versions: Mapping[str, Version]) -> _Twin:
    """Boot a twin on which nothing of ours has a configuration, and restore."""
    now: NetworkNow = intended(runtime, outside)
    network = twin_network(runtime, now, lldp=False)
    try:
        with runtime.boot(runtime, network, runtime.progress) as (twin, there):
            booted = runtime.clock.monotonic()
            status = twin.lab.status(runtime.client)
            kinds = {device.device: device.kind for device in status.devices} if status else {}
            inside = dataclasses.replace(there, progress=OnTheTwin(runtime.progress))
            return _restored(inside, outside, backups, versions, kinds, booted)
    except LabError as error:
        raise now.hidden(runtime, error) from None


def _restored(
    inside: Runtime,
    outside: Design,
    backups: Backups,
    versions: Mapping[str, Version],
    kinds: Mapping[str, Kind],
    booted: float,
) -> _Twin:
    """The restore as a change like any other, then what the twin has."""
    clock = inside.clock
    names = tuple(versions)
    drawn = from_backups(
        inside,
        design(inside, Selection(names=names), lifecycles=OURS, unresolvable="mark"),
        backups,
        versions,
    )
    emulated = frozenset(name for name, kind in kinds.items() if kind == "emulated")
    with inside.fleet.session(inside.endpoints(drawn.devices)) as session:
        logged_in(session, names)
        change = _change(inside, session, drawn, versions, emulated)
        restored = clock.monotonic()
        kept = {d.device for d in change.devices if d.outcome in ("applied", "unchanged")}
        asked = wanted(
            adjacencies(drawn.intent),
            {
                name: inside.forms[item.platform].configured(item.config)
                for name, item in drawn.intended.items()
                if name in kept
            },
            there=kept | {device.name for device in outside.devices},
            can_form=lambda one: can_form(one.device, one.other, emulated),
        )
        missing = _comes_up(inside, session, asked.keys)
        whole = None if missing or not kept else clock.monotonic()
        inside.progress(f"compare: {len(kept)} devices with their backups")
        read = session.read(sorted(kept))
    found = {
        result.device: _found(inside, drawn, result, change, read.get(result.device), missing)
        for result in change.devices
    }
    return _Twin(kinds, found, change, asked, len(asked.keys - missing), booted, restored, whole)


def _found(
    inside: Runtime,
    drawn: Design,
    result: DeviceResult,
    change: DeployResult,
    answer: Reading | DeviceError | None,
    missing: frozenset[Key],
) -> Found:
    """What became of one device; ``answer`` is what it reads in the end, None where it was not restored."""
    item = drawn.intended[result.device]
    redact = inside.forms[item.platform].redact
    if answer is None or isinstance(answer, DeviceError):
        said = str(answer) if answer else result.error or f"the restore on the twin was {change.outcome}"
        return Found(error=without_secrets(redacted(said, drawn.secrets, redact), item.config, redact))
    return Found(
        differs=difference(item.config, answer.running, secrets=drawn.secrets, redact=redact),
        down=tuple(sorted(f"{protocol} {peer}" for name, protocol, peer in missing if name == result.device)),
    )


def _change(
    inside: Runtime,
    session: FleetSession,
    drawn: Design,
    versions: Mapping[str, Version],
    emulated: frozenset[str],
) -> DeployResult:
    """With its plan, timers and checks. A device that takes no backup is left out, so that the others show what theirs
    are worth.
    """
    started = inside.clock.monotonic()
    with writing(inside) as lease:
        prepared = prepare(inside, session, drawn, confirm_in=None)
        expected = tuple(a for a in prepared.expected if can_form(a.device, a.other, emulated))
        change = Change(
            inside,
            session,
            lease,
            dataclasses.replace(prepared, expected=expected),
            DeployRequest(reason="drill", max_fail=len(versions)),
            action="restore",
            started=started,
            restored={name: version.commit for name, version in versions.items()},
        )
        return change.run(lambda _: True)


def _comes_up(inside: Runtime, session: FleetSession, keys: frozenset[Key]) -> frozenset[Key]:
    """Wait for adjacencies; the answer is those that did not come up in time."""
    deadline = inside.clock.monotonic() + LIMIT
    devices = sorted({device for device, _, _ in keys})
    while True:
        answers = session.adjacencies(devices)
        up = {
            (name, state.protocol, state.peer)
            for name, answer in answers.items()
            if not isinstance(answer, DeviceError)
            for state in answer
            if state.up
        }
        missing = keys - up
        if not missing or inside.clock.monotonic() > deadline:
            return missing
        inside.progress(f"adjacencies: {len(keys) - len(missing)} of {len(keys)} up")
        inside.clock.sleep(_PAUSE)


def _reasons(twin: _Twin | None) -> tuple[str, ...]:
    """What the drill failed by that no single device tells."""
    if twin is None:
        return ("there is nothing that could be restored",)
    stopped = [check for check in twin.change.checks if check.stops]
    return tuple(f"{check.device}: check {check.name}: {check.detail}" for check in stopped)


def _warnings(outside: Design, kinds: Mapping[str, Kind], twin: _Twin | None) -> tuple[str, ...]:
    emulated = frozenset(name for name, kind in kinds.items() if kind == "emulated")
    unresolved = (
        f"the secret {name} cannot be resolved: its name stands in for it" for name in outside.unresolved
    )
    return (*emulated_words(emulated), *unresolved, *(twin.wanted.warnings if twin else ()))


def _seconds(started: float, twin: _Twin | None, ended: float) -> dict[str, float]:
    found = {"all": ended - started}
    if twin is not None:
        found |= {"boot": twin.booted - started, "restore": twin.restored - twin.booted}
        if twin.whole is not None:
            found["recovered"] = twin.whole - started
    return {name: round(seconds, 1) for name, seconds in found.items()}
