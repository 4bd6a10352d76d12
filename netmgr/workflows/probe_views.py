"""What samples and the log say of availability. Contacts no device, logs nothing."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import reduce
from itertools import takewhile
from operator import add
from typing import Any

from netmgr.availability.digest import digest
from netmgr.availability.measure import availability, slot
from netmgr.errors import UsageError
from netmgr.model.availability import Availability
from netmgr.model.entry import Entry, rfc3339
from netmgr.model.inventory import Inventory
from netmgr.model.ordering import natural
from netmgr.model.probe import (
    CheckedDay,
    CheckedSamples,
    DayStatus,
    MeasuredClient,
    MeasuredDevice,
    ProbedHistory,
    Span,
    Transition,
)
from netmgr.model.selection import Selection
from netmgr.model.stretch import Stretch, day_of, midnight, whole_day
from netmgr.report.period import Period, period
from netmgr.workflows.probing import LONGEST, digests_of, probed_devices, transitions_of
from netmgr.workflows.runtime import Runtime


def asked_period(
    runtime: Runtime, inventory: Inventory, month: str | None, first: str | None, last: str | None
) -> Period:
    """The month or the days that were asked for; the current month where nothing was said."""
    now, zone = runtime.clock.now(), inventory.client.timezone
    if not (month or first or last):
        month = f"{day_of(now, zone):%Y-%m}"
    return period(month, first, last, zone=zone, now=now)


def measured(
    runtime: Runtime,
    selection: Selection,
    *,
    month: str | None = None,
    first: str | None = None,
    last: str | None = None,
) -> MeasuredClient:
    """How available the selected devices were. Raises UsageError for a selection of nothing, or a wrong period.

    Of a period that is not over, what has passed of it counts. Devices that are not probed any more are told of as
    long as there are samples of the period.
    """
    runtime.require("read")
    inventory = runtime.inventories.load(runtime.client, overlay=runtime.overlay)
    asked = asked_period(runtime, inventory, month, first, last)
    stretch = _passed(runtime, asked)
    interval = inventory.client.probe.interval
    spans = _spans(runtime, stretch)
    names = _names(inventory, spans, selection)
    changed = transitions(runtime, stretch)
    current = _current(runtime, interval)
    sums = {name: availability(spans.get(name, ()), stretch, interval) for name in names}
    devices = tuple(
        MeasuredDevice(
            device=name,
            state=current[name].state if name in current else "unknown",
            since=rfc3339(current[name].first) if name in current else None,
            **_figures(sums[name], sum(each.device == name for each in changed)),
        )
        for name in names
    )
    together = reduce(add, sums.values(), Availability())
    return MeasuredClient(
        client=runtime.client,
        target=runtime.target,
        start=rfc3339(stretch.start),
        end=rfc3339(stretch.end),
        timezone=asked.zone,
        interval=interval,
        devices=devices,
        **_figures(together, sum(device.transitions for device in devices)),
    )


def history(
    runtime: Runtime,
    device: str,
    *,
    month: str | None = None,
    first: str | None = None,
    last: str | None = None,
) -> ProbedHistory:
    """One device's availability with its transitions, the newest first."""
    made = measured(runtime, Selection(names=(device,)), month=month, first=first, last=last)
    stretch = Stretch(datetime.fromisoformat(made.start), datetime.fromisoformat(made.end))
    return ProbedHistory(
        client=made.client,
        target=made.target,
        start=made.start,
        end=made.end,
        timezone=made.timezone,
        interval=made.interval,
        device=made.devices[0],
        transitions=tuple(each for each in transitions(runtime, stretch) if each.device == device),
    )


def transitions(runtime: Runtime, stretch: Stretch) -> tuple[Transition, ...]:
    """What went down or came up in that time, the newest first."""
    start, end = rfc3339(stretch.start), rfc3339(stretch.end)
    entries = takewhile(lambda entry: entry.time >= start, transitions_of(runtime))
    found = (_transition(entry) for entry in entries)
    return tuple(each for each in found if start <= each.since < end)


def check(runtime: Runtime) -> CheckedSamples:
    """Compare the samples that are kept with what the log says that they were."""
    runtime.require("read")
    inventory = runtime.inventories.load(runtime.client, overlay=runtime.overlay)
    kept = inventory.client.probe.keep_days
    samples, days = runtime.open_samples(), []
    for entry in digests_of(runtime):
        day, zone = str(entry.facts["day"]), str(entry.facts["timezone"])
        of_day = whole_day(datetime.fromisoformat(day).date(), zone)
        spans = samples.spans(runtime.client, runtime.target, of_day.start, of_day.end)
        same = digest(spans, of_day) == entry.facts["digest"]
        oldest = midnight(day_of(runtime.clock.now(), zone) - timedelta(days=kept), zone)
        gone = of_day.start < oldest
        status: DayStatus = "same" if same else "gone" if gone else "different"
        days.append(CheckedDay(day=day, seq=entry.seq, status=status))
    return CheckedSamples(client=runtime.client, target=runtime.target, days=tuple(days))


def _passed(runtime: Runtime, asked: Period) -> Stretch:
    """What of the period is over, in whole minutes."""
    return Stretch(asked.start, min(asked.end, slot(runtime.clock.now(), 60)))


def _spans(runtime: Runtime, stretch: Stretch) -> dict[str, list[Span]]:
    """By device, with the one before that may reach into the time."""
    found: dict[str, list[Span]] = {}
    for span in runtime.open_samples().spans(
        runtime.client, runtime.target, stretch.start - LONGEST, stretch.end
    ):
        found.setdefault(span.device, []).append(span)
    return found


def _names(inventory: Inventory, spans: Iterable[str], selection: Selection) -> list[str]:
    known = inventory.by_name()
    if unmatched := [name for name in selection.unmatched(inventory.devices) if name not in set(spans)]:
        raise UsageError(f"no device fits {', '.join(unmatched)}")
    chosen = {device.name for device in probed_devices(inventory)} | set(spans)
    return sorted(
        (
            name
            for name in chosen
            if (selection.selects(known[name]) if name in known else _fits_by_name(selection, name))
        ),
        key=natural,
    )


def _fits_by_name(selection: Selection, name: str) -> bool:
    """Of a device that is in the inventory no more nothing but its name is known."""
    return selection == Selection() or selection == Selection(names=(name,))


def _current(runtime: Runtime, interval: int) -> dict[str, Span]:
    """Device → the span of its newest sample, where that is not older than two intervals."""
    samples = runtime.open_samples()
    newest = samples.newest(runtime.client, runtime.target)
    now = runtime.clock.now()
    if newest is None or now - newest > timedelta(seconds=2 * interval):
        return {}
    spans = samples.spans(runtime.client, runtime.target, newest, now + timedelta(seconds=1))
    return {span.device: span for span in spans}


def _figures(made: Availability, changed: int) -> dict[str, Any]:
    return {
        "availability": made.percent,
        "measured": made.measured,
        "share": made.share,
        "expected": made.expected,
        "taken": made.taken,
        "seconds": made.seconds,
        "seconds_up": made.up,
        "seconds_down": made.down,
        "seconds_exempt": made.exempt,
        "transitions": changed,
    }


def _transition(entry: Entry) -> Transition:
    seconds = entry.facts.get("seconds")
    return Transition(
        device=str(entry.device),
        from_=entry.facts["from"],
        to=entry.facts["to"],
        since=str(entry.facts["since"]),
        seconds=seconds if isinstance(seconds, int) else None,
        seq=entry.seq,
    )
