"""Reading what was promised and what was done for a period: the service side of a report."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from netmgr.errors import StoreError
from netmgr.model.agreement import Agreement
from netmgr.model.entry import Entry
from netmgr.model.record import Document
from netmgr.model.stretch import day_of, midnight
from netmgr.model.ticket import UNSOLVED
from netmgr.report.history import History
from netmgr.report.service_facts import InForce, ServiceFacts, TicketFacts
from netmgr.report.ticket_facts import ticket_facts
from netmgr.service.desk import moment
from netmgr.service.looked_after import devices as devices_looked_after
from netmgr.service.targets import levels_of
from netmgr.service.ticket_record import KIND as TICKET
from netmgr.service.ticket_record import PROJECTION
from netmgr.service.verdict import Judge, Judged, judged
from netmgr.service.versions import KIND as AGREEMENT
from netmgr.service.versions import AgreementHistory, SignedVersion, bounds, history
from netmgr.workflows.agreement import content
from netmgr.workflows.report_acts import acts
from netmgr.workflows.report_fees import read_fees
from netmgr.workflows.report_observed import read_observed
from netmgr.workflows.report_window import Window
from netmgr.workflows.runtime import Runtime
from netmgr.workflows.ticket_log import texts_by


def read_service(runtime: Runtime, told: History, window: Window, cut: Entry) -> ServiceFacts | None:
    """The facts of the history's period (``window`` is over it), up to the entry ``cut``.

    None where there is nothing to say: of a lab, and where nothing was signed and no ticket was open.
    """
    if runtime.target != "network":
        return None
    signed = _Signed(runtime, history(runtime.log.entries(runtime.client, kind=AGREEMENT, until=cut.seq)))
    versions = tuple(signed.holding(told))
    tickets = tuple(_tickets(runtime, signed, told, window, cut))
    if not versions and not tickets:
        return None
    zone = versions[-1].agreement.timezone if versions else told.period.zone
    inventory = runtime.log.entries(runtime.client, kind="inventory", until=cut.seq)
    looked_after = devices_looked_after(inventory, zone, day_of(told.until - timedelta(seconds=1), zone))
    facts = ServiceFacts(
        begins=told.period.start,
        until=told.until,
        versions=(*versions, *signed.judging(tickets, versions, told)),
        tickets=tickets,
        looked_after=looked_after,
        observed=read_observed(window, versions, looked_after),
        fees=read_fees(runtime, told, cut),
    )
    return acts(window, told, facts, cut)


@dataclass
class _Signed:
    """What was signed by the cut; each version's content is read once."""

    runtime: Runtime
    known: AgreementHistory

    @cached_property
    def _read(self) -> dict[int, Agreement | None]:
        return {}

    @cached_property
    def _judges(self) -> dict[int, Judge]:
        return {}

    def content(self, version: SignedVersion) -> Agreement | None:
        """None where it was erased: nothing can be judged by it."""
        if version.seq not in self._read:
            try:
                self._read[version.seq] = content(self.runtime, version)
            except StoreError:
                self._read[version.seq] = None
        return self._read[version.seq]

    def judge(self, version: SignedVersion) -> Judge | None:
        """What it promises for tickets."""
        if version.seq not in self._judges and (agreement := self.content(version)) is not None:
            levels = levels_of(agreement.levels, agreement.calendar)
            self._judges[version.seq] = Judge(version.version, levels, agreement.timezone)
        return self._judges.get(version.seq)

    def holding(self, told: History) -> Iterator[InForce]:
        """Those in force at some time of the period, as far as it has passed, oldest first."""
        start, until = told.period.start, told.until
        edges = {start, *(one.begins for one in self.known.versions if start < one.begins < until)}
        points = [*sorted(edges), until]
        found: list[tuple[SignedVersion, int]] = []
        for number, point in enumerate(points[:-1]):
            version = self.known.in_force(point)
            if version is not None and (not found or found[-1][0] is not version):
                found.append((version, number))
        for at, (version, number) in enumerate(found):
            agreement = self.content(version)
            ends = points[found[at + 1][1]] if at + 1 < len(found) else until
            if agreement is None:
                continue
            term = bounds(agreement.term, agreement.timezone, ends)
            begins, ends = max(points[number], term.begins), min(ends, term.ends or ends)
            if begins < ends:
                yield InForce(version.version, version.seq, self.since, begins, ends, agreement)

    @cached_property
    def since(self) -> datetime:
        """From when on there has been an agreement."""
        firsts = [
            max(one.begins, midnight(agreement.term.from_, agreement.timezone))
            for one in self.known.versions
            if (agreement := self.content(one)) is not None
        ]
        return min(firsts)

    def judging(
        self, tickets: tuple[TicketFacts, ...], holding: tuple[InForce, ...], told: History
    ) -> Iterator[InForce]:
        """Those that only judge tickets which were opened before the period."""
        wanted = {ticket.version for ticket in tickets} - {one.version for one in holding}
        for version in self.known.versions:
            if version.version in wanted and (agreement := self.content(version)) is not None:
                start = told.period.start
                yield InForce(version.version, version.seq, self.since, start, start, agreement)


def _tickets(
    runtime: Runtime, signed: _Signed, told: History, window: Window, cut: Entry
) -> Iterator[TicketFacts]:
    """Every ticket that was open in the period, by number."""
    begins, until = int(told.period.start.timestamp()), int(told.until.timestamp())
    documents = tuple(_documents(runtime, window, cut))
    texts = texts_by(runtime, {str(one["text"]) for one in documents if one.get("text")})
    for document in documents:
        subject = texts.get(str(document.get("text")), {}).get("subject")
        clocks = _judged(signed, document, begins, until)
        found = ticket_facts(document, clocks, told.period.start, told.until, subject)
        if found is not None:
            yield found


def _documents(runtime: Runtime, window: Window, cut: Entry) -> Iterator[Document]:
    """The records that can say something of the period, as they were at the cut: those that were not solved when it
    began, or of which something was recorded since. One that has newer entries is folded again without them.
    """
    log, client = runtime.log, runtime.client
    if next(log.entries(client, kind=TICKET, until=cut.seq, limit=1), None) is None:
        return
    for record in runtime.open_records().touched(client, TICKET, after=window.before, states=UNSOLVED):
        document: Document | None = record.document
        if record.seq > cut.seq:
            document = None
            for entry in log.entries(client, kind=TICKET, ticket=record.key, until=cut.seq):
                document = PROJECTION.fold(document, entry).document
        if document is not None:
            yield document


def _judged(signed: _Signed, document: Document, begins: int, until: int) -> Judged | None:
    """Its clocks; None where nothing was promised for it, or its history cannot be."""
    version = signed.known.in_force(moment(int(document["opened"])))
    judge = None if version is None else signed.judge(version)
    if judge is None:
        return None
    try:
        return judged(document, judge, begins, until)
    except ValueError:
        return None
