"""Metrics: how the clients stand, from log, outbox, scheduled runs and probes. Contacts no device, logs nothing."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from netmgr.errors import InputError
from netmgr.model.entry import Entry
from netmgr.model.metric import Metric, Sample
from netmgr.model.names import Target
from netmgr.model.schedule import Planned
from netmgr.notify.events import severity_of
from netmgr.ports.clock import Clock
from netmgr.ports.outbox import Outbox
from netmgr.ports.runs import Runs
from netmgr.ports.samples import Samples
from netmgr.ports.store import ServiceLog
from netmgr.schedule.due import upcoming

KINDS: Final = ("adopt", "audit", "backup", "change", "drill", "playbook", "recover", "rehearsal", "report")
"""Whose newest end is told, where there is one."""

_TARGETS: Final[tuple[Target, ...]] = ("network", "lab")
#: How many results of single devices may lie between two ends before the search for one gives up.
_FAR: Final = 20_000


@dataclass(frozen=True, slots=True)
class Gauges:
    """What is looked at. ``clients`` are those that the actor may read."""

    version: str
    clock: Clock
    log: ServiceLog
    outbox: Outbox
    runs: Runs
    samples: Samples
    clients: Callable[[], Iterable[str]]
    planned: Callable[[str], tuple[Planned, ...]]
    rules: Callable[[str], int]
    """How many rules there are for telling people of a client. Raises InputError."""


@dataclass(slots=True)
class _Sheet:
    """Metrics being filled in, in the order of their first number."""

    metrics: dict[str, tuple[str, str, list[Sample]]] = field(default_factory=dict)

    def put(self, name: str, text: str, value: float, **labels: str) -> None:
        self.metrics.setdefault(name, ("counter" if name.endswith("_total") else "gauge", text, []))[
            2
        ].append(Sample(labels, value))

    def done(self) -> tuple[Metric, ...]:
        return tuple(
            Metric(name, "counter" if kind == "counter" else "gauge", text, tuple(samples))
            for name, (kind, text, samples) in self.metrics.items()
        )


def metrics(gauges: Gauges) -> tuple[Metric, ...]:
    """All numbers as they are now. Raises StoreError; a client whose schedule cannot be read has no numbers of it."""
    sheet = _Sheet()
    sheet.put("netmgr_info", "The program.", 1, version=gauges.version)
    for client in gauges.clients():
        _log(gauges, client, sheet)
        _outbox(gauges, client, sheet)
        _runs(gauges, client, sheet)
        _samples(gauges, client, sheet)
    return sheet.done()


def _log(gauges: Gauges, client: str, sheet: _Sheet) -> None:
    head = gauges.log.head(client)
    sheet.put(
        "netmgr_log_entries_total", "Entries of the service log.", head.seq if head else 0, client=client
    )
    for target in _TARGETS:
        opened = len(gauges.log.open_intents(client, target))
        sheet.put(
            "netmgr_open_changes",
            "Changes that were begun and have no end.",
            opened,
            client=client,
            target=target,
        )
    for kind in KINDS:
        end = _newest_end(gauges.log, client, kind)
        if end is None:
            continue
        at = datetime.fromisoformat(end.time).timestamp()
        sheet.put(
            "netmgr_last_end_timestamp_seconds", "When the newest one ended.", at, client=client, kind=kind
        )
        sheet.put(
            "netmgr_last_end_well",
            "Whether the newest one ended well.",
            severity_of(str(end.outcome)) == "info",
            client=client,
            kind=kind,
        )
        if kind == "audit":
            for status in ("compliant", "drifted", "unreachable", "error"):
                if isinstance(count := end.facts.get(status), int):
                    sheet.put(
                        "netmgr_audited_devices",
                        "Devices of the newest audit.",
                        count,
                        client=client,
                        status=status,
                    )


def _newest_end(log: ServiceLog, client: str, kind: str) -> Entry | None:
    """The newest end of a whole command on the network."""
    entries: Iterator[Entry] = islice(log.entries(client, kind=kind, newest_first=True), _FAR)
    ends = (e for e in entries if e.phase == "result" and e.device is None and e.target == "network")
    return next(ends, None)


def _outbox(gauges: Gauges, client: str, sheet: _Sheet) -> None:
    try:
        rules = gauges.rules(client)
    except InputError:
        rules = -1
    sheet.put(
        "netmgr_notify_rules", "Rules for telling people; -1: they cannot be read.", rules, client=client
    )
    if not rules:
        return
    backlog = gauges.outbox.backlog(client)
    for state in ("pending", "sending", "sent", "failed"):
        count = backlog.counts.get(state, 0)
        sheet.put("netmgr_notifications", "Notifications by state.", count, client=client, state=state)
    sheet.put(
        "netmgr_outbox_batches",
        "Batches of news of which it is not decided who is told.",
        backlog.unrouted,
        client=client,
    )
    waited = (gauges.clock.now() - backlog.oldest).total_seconds() if backlog.oldest else 0.0
    sheet.put("netmgr_outbox_oldest_seconds", "How long the oldest news has waited.", waited, client=client)


def _runs(gauges: Gauges, client: str, sheet: _Sheet) -> None:
    try:
        planned = gauges.planned(client)
    except InputError:
        sheet.put("netmgr_schedule_readable", "Whether the client's schedule can be read.", 0, client=client)
        return
    sheet.put("netmgr_schedule_readable", "Whether the client's schedule can be read.", 1, client=client)
    for each in planned:
        labels = {"client": client, "job": each.name}
        for last in gauges.runs.newest(client, each.name, 1):
            due = last.due.timestamp()
            well = last.state in ("done", "running")
            sheet.put(
                "netmgr_schedule_last_due_timestamp_seconds", "When the newest run was due.", due, **labels
            )
            sheet.put("netmgr_schedule_last_well", "Whether the newest run came about.", well, **labels)
        for at in upcoming(each, gauges.clock.now(), 1):
            sheet.put(
                "netmgr_schedule_next_timestamp_seconds",
                "When the next run begins.",
                at.timestamp(),
                **labels,
            )


def _samples(gauges: Gauges, client: str, sheet: _Sheet) -> None:
    """The newest sample of each device, however old: its time is told too."""
    newest = gauges.samples.newest(client, "network")
    if newest is None:
        return
    sheet.put(
        "netmgr_probe_timestamp_seconds", "When devices were probed last.", newest.timestamp(), client=client
    )
    for span in gauges.samples.spans(client, "network", newest, newest + timedelta(seconds=1)):
        if span.state in ("up", "down"):
            sheet.put(
                "netmgr_device_up",
                "Whether the device answered then.",
                span.state == "up",
                client=client,
                device=span.device,
            )
