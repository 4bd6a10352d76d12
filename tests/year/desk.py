"""The desk's year: tickets of every kind with their clocks, and the hours that they took."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from netmgr.model.entry import rfc3339
from tests.year.house import House
from tests.year.timeline import Timeline, berlin

MINUTE = timedelta(minutes=1)
JANA = "Jana Beispiel <jana.beispiel@acme.example>"
AUDITORS = "All that you keep of us, for our auditors"
#: Stands in texts of the one client; no byte of the other's may have it.
CANARY = {"acme": "heron-7f3a-of-acme", "northwind": "egret-5c1d-of-northwind"}


@dataclass(frozen=True)
class Work:
    """Somebody's work for a ticket, ``after`` minutes after it was opened."""

    after: int
    minutes: int
    who: str = "p-1"
    note: str = "Looked into it"
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case:
    """One ticket; times in minutes after it was opened, None: not at all."""

    opened: str
    subject: str
    kind: str = "fault"
    impact: str = "limited"
    urgency: str = "medium"
    words: tuple[str, ...] = ()
    ack: int | None = 25
    pause: tuple[int, int, str] | None = None
    resolve: int | None = 120
    outcome: str = "fixed"
    cause: str | None = None
    note: str = "Mended, and tried together with the user"
    close: int | None = 1440
    work: Sequence[Work] = ()
    client: str = "acme"
    who: str = "p-1"


@dataclass
class Desk:
    """``ids``: a ticket's subject → its id. ``reporters``: who reports → their id."""

    house: House
    line: Timeline
    ids: dict[str, str] = field(default_factory=dict)
    reporters: dict[str, str] = field(default_factory=dict)

    def plan(self, case: Case) -> None:
        """Put the ticket's scenes on the timeline."""
        begin = berlin(case.opened)

        def later(minutes: int, *words: str, who: str = case.who) -> None:
            def act() -> None:
                self.house.netmgr(
                    "ticket", words[0], self.ids[case.subject], *words[1:], client=case.client, who=who
                )

            self.line.at(begin + minutes * MINUTE, act)

        self.line.at(begin, lambda: self._open(case))
        if case.ack is not None:
            later(case.ack, "update", "--ack")
        if case.pause:
            start, end, reason = case.pause
            later(start, "pause", "--reason", reason, "--note", "Waiting, by mail and by phone")
            later(end, "resume", "--note", "It goes on")
        if case.resolve is not None:
            cause = ("--cause", case.cause) if case.cause else ()
            later(case.resolve, "resolve", "--outcome", case.outcome, *cause, "--note", case.note)
            if case.close is not None:
                later(case.resolve + case.close, "close")
        for work in case.work:
            self.line.at(
                begin + (work.after + work.minutes) * MINUTE, lambda work=work: self._work(case, work, begin)
            )

    def _open(self, case: Case) -> None:
        made = self.house.document(
            "ticket", "open", "--subject", case.subject, "--kind", case.kind,
            "--impact", case.impact, "--urgency", case.urgency, *case.words,
            client=case.client, who=case.who,
        )  # fmt: skip
        self.ids[case.subject] = made["id"]
        if "--reporter" in case.words:
            self.reporters[case.words[case.words.index("--reporter") + 1]] = made["reporter"]

    def _work(self, case: Case, work: Work, begin: datetime) -> None:
        self.worked(
            begin + work.after * MINUTE, work.minutes, work.note, work.who, case.client,
            "--ticket", self.ids[case.subject], *work.words,
        )  # fmt: skip

    def worked(
        self, begin: datetime, minutes: int, note: str, who: str = "p-1", client: str = "acme", *words: str
    ) -> str:
        """Take time down; its id."""
        made = self.house.document(
            "time", "add", "--at", rfc3339(begin), "--minutes", str(minutes), "--note", note, *words,
            client=client, who=who,
        )  # fmt: skip
        return str(made["id"])


#: What happens in any month: subject, kind, cause, outcome.
EVERYDAY = (
    ("Printer on the second floor does not print", "fault", "hardware", "fixed"),
    ("A mailbox is full", "fault", "capacity", "fixed"),
    ("Slow file server", "fault", "software", "fixed"),
    ("New colleague: account and workplace", "request", None, "done"),
    ("Wireless guest access for a visitor", "request", None, "done"),
    ("Telephone without a dial tone", "fault", "carrier", "fixed"),
    ("Which notebooks to buy", "consulting", None, "answered"),
    ("Certificates of the web shop run out", "request", None, "done"),
    ("Video conference stutters", "fault", "configuration", "workaround"),
    ("Licences for the office suite", "consulting", None, "answered"),
)


def everyday(random: Random, month: int, days: Sequence[str], who: str) -> list[Case]:
    """Tickets of an ordinary month, one on each of these days, between nine and two."""
    found = []
    for number, day in enumerate(days):
        subject, kind, cause, outcome = random.choice(EVERYDAY)
        ack = random.randrange(5, 45)
        minutes = random.randrange(20, 100, 5)
        found.append(
            Case(
                f"{day} {random.randrange(9, 14):02}:{random.randrange(60):02}",
                f"{subject} ({month}/{number + 1})",
                kind,
                *random.choice([("limited", "medium"), ("limited", "high"), ("significant", "high")]),
                ack=ack,
                resolve=ack + minutes + 5,
                outcome=outcome,
                cause=cause,
                work=[Work(ack, minutes, who)],
                who=who,
            )
        )
    return found
