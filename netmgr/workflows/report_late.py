"""Reading what came late: entries that tell of a period whose report was issued already."""

from collections.abc import Iterator, Sequence

from netmgr.model.entry import Entry
from netmgr.model.issued_report import ACTION, KIND, IssuedReport
from netmgr.report.period import Period
from netmgr.report.revision import KINDS, LateEntry, concerning, corrections
from netmgr.workflows.report_window import logged_before
from netmgr.workflows.runtime import Runtime


def issued_reports(runtime: Runtime, *, until: int | None = None) -> tuple[tuple[Entry, IssuedReport], ...]:
    """Every report that was issued, oldest first, each with its entry."""
    found = runtime.log.entries(runtime.client, kind=KIND, until=until)
    return tuple(
        (entry, issued)
        for entry in found
        if entry.action == ACTION and entry.outcome == "issued"
        if (issued := IssuedReport.parse(entry.facts)) is not None
    )


def of_period(
    issued: Sequence[tuple[Entry, IssuedReport]], period: Period
) -> list[tuple[Entry, IssuedReport]]:
    """The revisions of one period's report."""
    return [each for each in issued if (each[1].from_, each[1].to) == (period.first, period.last)]


def late_since(runtime: Runtime, period: Period, after: int, until: int) -> tuple[LateEntry, ...]:
    """Entries above seq ``after``, up to ``until``, that tell of the period."""
    return concerning(_entries(runtime, after, until), period, _Finder(runtime))


def corrections_in(runtime: Runtime, period: Period, cut: Entry) -> tuple[LateEntry, ...]:
    """Entries recorded in the period that tell of another one, whose report had been issued before them."""
    known: dict[Period, int] = {}
    for _, issued in issued_reports(runtime, until=cut.seq):
        of = Period(issued.from_, issued.to, issued.timezone)
        if of.end <= period.start:
            known.setdefault(of, issued.cut)
    if not known:
        return ()
    before = logged_before(runtime, period.start, cut.seq)
    last = logged_before(runtime, period.end, cut.seq)
    return corrections(_entries(runtime, before, last), known.items(), _Finder(runtime))


def _entries(runtime: Runtime, after: int, until: int) -> Iterator[Entry]:
    for kind in KINDS:
        yield from runtime.log.entries(runtime.client, kind=kind, after=after, until=until)


class _Finder:
    """Looks up what entries refer to, each once."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime, self._known = runtime, dict[str | int, Entry | None]()

    def __call__(self, reference: str | int) -> Entry | None:
        if reference not in self._known:
            log, client = self._runtime.log, self._runtime.client
            self._known[reference] = (
                log.entry(client, reference)
                if isinstance(reference, str)
                else next(log.entries(client, after=reference - 1, until=reference, limit=1), None)
            )
        return self._known[reference]
