"""The office's year: the agreement and its amendment, each month's papers, payments, corrections, who is forgotten."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyrage

from netmgr.adapters.backups_git import make_identity
from tests.year.desk import AUDITORS, JANA, Desk
from tests.year.house import House
from tests.year.timeline import Timeline, berlin

AGREEMENT = "inventory/acme/agreement.yaml"
AMENDED = (
    (
        'amount: "85.00"}',
        'amount: "89.00"}\n    - {name: Server under management, unit: asset, amount: "40.00"}',
    ),
    ("  excluded:\n", "  assets: {kinds: [server]}\n  excluded:\n"),
    ('hours: "6"', 'hours: "8"'),
    ('{amount: "110.00", when: working}', '{amount: "114.00", when: working}'),
)
SIGNED_BY = {
    "acme": ("The managing director", "The service director"),
    "northwind": ("The chief executive", "The service director"),
}
BACKUP_SERVER = """\
backup1:
  kind: server
  name: Backup server
  site: hq
  os: Debian 12
  serial: EX-0002
  owner: IT management
  warranty_until: "2026-10-31"
  service: {from: "2026-03-12"}
"""
#: Months whose reports are told of later, and have a second revision: a late entry, a correction.
LATE, CORRECTED = 1, 2


@dataclass
class Paper:
    """One month's invoice and report, as they were issued."""

    client: str
    month: str
    number: str
    files: dict[str, bytes]
    revisions: list[dict[str, bytes]] = field(default_factory=list)


@dataclass
class Office:
    """``out``: where papers go, a directory for each client. ``fingerprint``: of the key that signs, as both clients
    were told it with the agreement.
    """

    house: House
    line: Timeline
    desk: Desk
    out: Path
    pdf: bool
    fingerprint: str = ""
    papers: list[Paper] = field(default_factory=list)

    def plan(self, month: int) -> None:
        """A month's papers, on the fifth of the next; then it is paid, late or in two parts."""
        day, name = f"{2026 + month // 12}-{month % 12 + 1:02}-05", f"2026-{month:02}"
        for client in SIGNED_BY:
            self._at(f"{day} 10:00", lambda client=client: self._issue(client, name))
        paid = {2: ("46", None), 3: ("23", "1000.00")}.get(month, ("25", None))
        begin = berlin(f"{day} 11:00")
        self.line.at(begin + timedelta(days=int(paid[0])), lambda: self._pay(name, paid[1]))
        if paid[1]:
            self.line.at(begin + timedelta(days=55), lambda: self._pay(name, None))
        if month == LATE:
            self._at("2026-02-10 17:30", self._late)
        if month == CORRECTED:
            self._at("2026-03-09 11:00", self._correct)

    def sign(self, client: str) -> None:
        """Both sign what is rendered now."""
        self.fingerprint = (
            self.fingerprint or self.house.document("log", "key", "show", who="p-3")["fingerprint"]
        )
        words = (
            "agreement",
            "render",
            "--format",
            "pdf,docx,html",
            "--out",
            str(self.out / client / "agreements"),
        )
        made = self.house.document(*words, client=client, who="p-3")
        (document,) = (each["path"] for each in made["files"] if each["format"] == "pdf")
        buyer, seller = SIGNED_BY[client]
        self.house.netmgr(
            "agreement", "sign", document, "--by", f"client={buyer}", "--by", f"provider={seller}",
            client=client, who="p-3",
        )  # fmt: skip

    def rest_of_the_year(self) -> None:
        """What is not of every month."""
        self._at("2026-03-11 15:00", lambda: self._assets(lambda text: text + BACKUP_SERVER))
        self._at("2026-06-10 16:00", self._amend)
        self._at("2026-06-12 10:00", self._inform)
        self._at("2026-09-01 09:00", lambda: self._office("log", "key", "rotate", "--yes"))
        self._at("2026-11-02 10:00", lambda: self._assets(lambda text: text.replace(BACKUP_SERVER, "")))
        self._at("2026-11-20 16:00", self._forget)

    def reports(self, client: str) -> list[Any]:
        """The JSON of each report that the client has."""
        found = (paper for paper in self.papers if paper.client == client)
        return [
            json.loads(data)
            for paper in found
            for files in paper.revisions
            for name, data in files.items()
            if name.endswith(".json")
        ]

    def issue_report(self, paper: Paper) -> dict[str, Any]:
        """Issue the month's report, or be given what was issued."""
        formats = "html,md,json,csv" + (",pdf" if self.pdf else "")
        where = self.out / paper.client / "reports"
        words = ("report", "issue", "--month", paper.month, "--format", formats, "--out", str(where))
        made = self.house.document(*words, client=paper.client, who="p-3")
        files = {Path(each["path"]).name: Path(each["path"]).read_bytes() for each in made["files"]}
        if files not in paper.revisions:
            paper.revisions.append(files)
        return made

    def _issue(self, client: str, month: str) -> None:
        made = self.house.document("invoice", "issue", "--month", month, "--yes", client=client, who="p-3")
        paper = Paper(client, month, made["number"], {})
        formats = "html,md,json,csv,xml" + (",pdf" if self.pdf else "")
        paper.files = self.files_of(paper, formats, self.out / client / "invoices")
        self.papers.append(paper)
        self.issue_report(paper)

    def files_of(self, paper: Paper, formats: str, where: Path) -> dict[str, bytes]:
        """The invoice's files, as they are given out now."""
        words = ("invoice", "show", paper.number, "--format", formats, "--out", str(where))
        made = self.house.document(*words, client=paper.client, who="p-3")
        return {Path(each["path"]).name: Path(each["path"]).read_bytes() for each in made["files"]}

    def _late(self) -> None:
        """Somebody remembers an hour of January, whose papers are out."""
        self.desk.worked(berlin("2026-01-29 14:00"), 45, "Tried the new line of the branch north", "p-1")
        self.issue_report(self._paper(f"2026-{LATE:02}"))

    def _correct(self) -> None:
        """An hour of February was half an hour: the client gets the difference back."""
        listed = self.house.document("time", "list", "--month", "2026-02")["entries"]
        wrong = next(each for each in listed if each["person"] == "p-1" and each["service"] == "network")
        self.desk.worked(
            berlin("2026-02-14 22:00"), 35, "It took less", "p-1", "acme", "--corrects", wrong["id"],
            "--service", "network", "--ticket", wrong["ticket"],
        )  # fmt: skip
        paper = self._paper(f"2026-{CORRECTED:02}")
        lines = self.house.document("invoice", "show", paper.number, who="p-3")["invoice"]["draft"]["lines"]
        number = next(place for place, line in enumerate(lines, 1) if line.get("when") == "outside")
        self._office(
            "invoice", "credit", paper.number, "--line", f"{number}=41.25", "--yes",
            "--reason", "A quarter of an hour less was worked on 14 February",
        )  # fmt: skip
        self.issue_report(paper)

    def _pay(self, month: str, amount: str | None) -> None:
        """All that is open, or a part of it."""
        number = self._paper(month).number
        open_ = self.house.document("invoice", "show", number, who="p-3")["open"]
        day = self.house.clock.now().date().isoformat()
        self._office("payment", "record", number, "--amount", amount or str(Decimal(open_)), "--day", day)

    def _amend(self) -> None:
        """New prices, and a fee for servers, from the middle of June."""
        words = ("--effective", "2026-06-15", "--summary", "Servers; prices by the index")
        self._office("agreement", "amend", *words)
        for old, new in AMENDED:
            self.house.edit(AGREEMENT, old, new)
        self.sign("acme")

    def _inform(self) -> None:
        """All that the client may know of these months, for their key alone; here it is opened with that key."""
        key, sealed = self.house.workspace / "client.key", self.out / "acme" / "information.age"
        words = (
            "--from",
            "2026-01-01",
            "--until",
            "2026-06-11",
            "--to",
            make_identity(key),
            "--out",
            str(sealed),
        )
        self._office("ticket", "answer", self.desk.ids[AUDITORS], *words)
        (identity,) = (line for line in key.read_text().splitlines() if line.startswith("AGE-SECRET-KEY"))
        opened = pyrage.decrypt(sealed.read_bytes(), [pyrage.x25519.Identity.from_str(identity)])
        sealed.with_name("information.tar.gz").write_bytes(opened)

    def _assets(self, change: Callable[[str], str]) -> None:
        path = self.house.workspace / "inventory/acme/assets.yaml"
        path.write_text(change(path.read_text()))

    def _forget(self) -> None:
        """Somebody has left the client, and asks to be forgotten."""
        contact = self.desk.reporters[JANA]
        words = ("--reason", "She left the company", "--basis", "GDPR-17", "--yes")
        self._office("ticket", "erase-contact", contact, *words)

    def _paper(self, month: str) -> Paper:
        return next(each for each in self.papers if (each.client, each.month) == ("acme", month))

    def _office(self, *words: str) -> None:
        self.house.netmgr(*words, who="p-3")

    def _at(self, when: str, act: Callable[[], object]) -> None:
        self.line.at(berlin(when), act)
