"""Probes: a sample of each device at every interval, kept apart from the log; what they come to is told by the log."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Any

from netmgr.availability.digest import clipped, digest
from netmgr.availability.measure import availability, slot
from netmgr.availability.standing import following
from netmgr.errors import UsageError
from netmgr.model.entry import Draft, Entry, rfc3339
from netmgr.model.inventory import Device, Inventory
from netmgr.model.names import Lifecycle
from netmgr.model.probe import Probed, ProbedDevice, ProbeRun, ProbeSettings, Span, Standing
from netmgr.model.stretch import day_of, midnight, whole_day
from netmgr.ports.samples import Samples
from netmgr.workflows.failures import follow_probes
from netmgr.workflows.runtime import Runtime

KIND = "probe"
LONGEST = timedelta(hours=1)
"""The longest interval: how far a sample may reach beyond its day."""

_MOMENT = timedelta(seconds=1)
_NEVER = datetime(1970, 1, 2, tzinfo=UTC)
#: As in audits: a device under maintenance is looked at, though not changed, and what it answers does not count.
_PROBED: frozenset[Lifecycle] = frozenset({"active", "maintenance"})


def probe(runtime: Runtime) -> ProbeRun:
    """Take the sample that is due now, if nobody has; tell the log who went down, who came up, and of days gone by.

    Only who takes a sample tells the log, so that two at once tell nothing twice. What a run that was cut short has
    left untold is told by the next. Raises UsageError where no device is in scope.
    """
    runtime.require("read")
    inventory = runtime.inventories.load(runtime.client, overlay=runtime.overlay)
    settings, samples = inventory.client.probe, runtime.open_samples()
    devices = probed_devices(inventory)
    if not devices:
        raise UsageError(
            f"{runtime.client}: no device is probed; see probe.devices in client.yaml, and lifecycle in hosts.yaml"
        )
    at = slot(runtime.clock.now(), settings.interval)
    newest = samples.newest(runtime.client, runtime.target)
    found: Mapping[str, Probed] = {}
    if newest is None or newest < at:
        runtime.progress(f"probe: {len(devices)} devices")
        answers = runtime.open_prober().probe(runtime.endpoints(devices), settings.timeout)
        found = {device.name: _counted(device, answers[device.name]) for device in devices}
    states = {name: answer.state for name, answer in found.items()}
    taken = bool(states) and samples.take(runtime.client, runtime.target, at, settings.interval, states)
    transitions: list[Draft] = []
    days: list[str] = []
    if taken:
        transitions = _tell_transitions(runtime, samples, settings, devices, at, newest)
        days = _tell_days(runtime, samples, inventory, at)
        if settings.ticket:
            standings = samples.standings(runtime.client, runtime.target)
            follow_probes(runtime, settings.ticket, standings, lambda: transitions_of(runtime))
    return ProbeRun(
        client=runtime.client,
        target=runtime.target,
        at=rfc3339(at),
        interval=settings.interval,
        taken=taken,
        devices=tuple(
            ProbedDevice(device=name, state=answer.state, detail=answer.detail)
            for name, answer in found.items()
        ),
        transitions=len(transitions),
        digests=tuple(days),
    )


def probed_devices(inventory: Inventory) -> tuple[Device, ...]:
    """The devices in scope."""
    chosen = inventory.client.probe
    return tuple(d for d in inventory.devices if d.lifecycle in _PROBED and chosen.selects(d.name))


def transitions_of(runtime: Runtime) -> Iterator[Entry]:
    """Every entry of a device that went down or came up, the newest first."""
    entries = runtime.log.entries(runtime.client, kind=KIND, newest_first=True)
    return (e for e in entries if e.action == "transition" and e.target == runtime.target)


def digests_of(runtime: Runtime) -> Iterator[Entry]:
    """Every entry of a day's sums, the newest first."""
    entries = runtime.log.entries(runtime.client, kind=KIND, newest_first=True)
    return (e for e in entries if e.action == "digest" and e.target == runtime.target)


def _counted(device: Device, answer: Probed) -> Probed:
    """The answer, if it counts: nobody answers for a device that is being worked on."""
    if device.lifecycle != "maintenance":
        return answer
    said = "it answers" if answer.state == "up" else answer.detail
    return Probed("exempt", f"under maintenance; {said}" if said else "under maintenance")


def _tell_transitions(
    runtime: Runtime,
    samples: Samples,
    settings: ProbeSettings,
    devices: tuple[Device, ...],
    at: datetime,
    previous: datetime | None,
) -> list[Draft]:
    before = _told(runtime, samples, previous)
    newest = {span.device: span for span in samples.spans(runtime.client, runtime.target, at, at + _MOMENT)}
    names = [device.name for device in devices]
    now = {
        name: standing
        for name in names
        if (standing := following(newest.get(name), before.get(name), settings.down_after))
    }
    drafts = [
        _transition(runtime, name, before.get(name), standing)
        for name, standing in now.items()
        if _is_news(before.get(name), standing)
    ]
    # Nobody shall be left waiting for the recovery of a device that is not asked any more.
    gone = [name for name, standing in before.items() if name not in names and standing.state == "down"]
    drafts += [_transition(runtime, name, before[name], Standing("unknown", at)) for name in gone]
    if drafts:
        runtime.log.append(runtime.client, drafts)
    if now != samples.standings(runtime.client, runtime.target):
        samples.stand(runtime.client, runtime.target, now)
    return drafts


def _told(runtime: Runtime, samples: Samples, previous: datetime | None) -> dict[str, Standing]:
    """How each device stands as far as the log has been told.

    The log is ahead of what is kept where the run that took the previous sample was cut short between the two.
    """
    told = dict(samples.standings(runtime.client, runtime.target))
    if previous is None:
        return told
    since = rfc3339(previous)
    for entry in takewhile(lambda entry: entry.time >= since, transitions_of(runtime)):
        standing = Standing(entry.facts["to"], datetime.fromisoformat(str(entry.facts["since"])))
        name = str(entry.device)
        if name not in told or standing.since > told[name].since:
            told[name] = standing
    return told


def _is_news(before: Standing | None, now: Standing) -> bool:
    """That a device is up is no news where it was never down."""
    if before is None:
        return now.state == "down"
    return before.state != now.state


def _transition(runtime: Runtime, device: str, before: Standing | None, now: Standing) -> Draft:
    facts: dict[str, Any] = {
        "device": device,
        "from": before.state if before else "unknown",
        "since": rfc3339(now.since),
        "to": now.state,
    }
    if before:
        facts["seconds"] = (now.since - before.since) // _MOMENT
    return runtime.draft(
        kind=KIND, action="transition", phase="result", outcome=now.state, device=device, facts=facts
    )


def _tell_days(runtime: Runtime, samples: Samples, inventory: Inventory, at: datetime) -> list[str]:
    """The sums of every day that is over on the client's clocks and was not told of; then old samples go."""
    zone, settings = inventory.client.timezone, inventory.client.probe
    today = day_of(at, zone)
    last = next(digests_of(runtime), None)
    known = datetime.fromisoformat(str(last.facts["day"])).date() if last else None
    if known == today - timedelta(days=1):
        return []
    begin = midnight(known + timedelta(days=1), zone) if known else _NEVER
    spans = samples.spans(runtime.client, runtime.target, begin - LONGEST, midnight(today, zone))
    if not spans:
        return []
    first = day_of(max(begin, min(span.first for span in spans)), zone)
    drafts = []
    for day in (first + timedelta(days=n) for n in range((today - first).days)):
        facts = day_facts(spans, day.isoformat(), zone, settings.interval)
        if facts["devices"]:
            drafts.append(runtime.draft(kind=KIND, action="digest", phase="result", facts=facts))
    if drafts:
        runtime.log.append(runtime.client, drafts)
        samples.forget(
            runtime.client, runtime.target, midnight(today - timedelta(days=settings.keep_days), zone)
        )
    return [str(draft.facts["day"]) for draft in drafts]


def day_facts(spans: tuple[Span, ...], day: str, zone: str, interval: int) -> dict[str, Any]:
    """What the log holds of one day's samples."""
    period = whole_day(datetime.fromisoformat(day).date(), zone)
    by_device: dict[str, list[Span]] = {}
    for span in spans:
        by_device.setdefault(span.device, []).append(span)
    devices: dict[str, Mapping[str, int]] = {}
    for name, own in sorted(by_device.items()):
        if clipped(own, period):
            made = availability(own, period, interval)
            devices[name] = {
                "down_seconds": made.down,
                "exempt_seconds": made.exempt,
                "expected": made.expected,
                "taken": made.taken,
                "up": made.answered,
                "up_seconds": made.up,
            }
    return {
        "day": day,
        "devices": devices,
        "digest": digest(spans, period),
        "interval": interval,
        "timezone": zone,
    }
