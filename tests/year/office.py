"""The office's year: the agreement and its amendment, each month's papers, payments, and who is forgotten."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.year.house import House
from tests.year.timeline import Timeline, berlin

AGREEMENT = "inventory/acme/agreement.yaml"
AMENDED = (
    (
        'amount: "85.00"}',
        'amount: "89.00"}\n    - {name: Server under management, unit: asset, amount: "40.00", kinds: [server]}',
    ),
    ('hours: "6"', 'hours: "8"'),
    ('{amount: "110.00", when: working}', '{amount: "114.00", when: working}'),
)
SIGNED_BY = {
    "acme": ("The managing director", "The service director"),
    "northwind": ("The chief executive", "The service director"),
}


@dataclass
class Office:
    """``out``: where papers go, a directory for each client."""

    house: House
    line: Timeline
    out: Path
    formats: str

    def plan(self, month: int) -> None:
        """A month's papers, on the fifth of the next."""
        day, name = f"{2026 + month // 12}-{month % 12 + 1:02}-05", f"2026-{month:02}"
        for client in SIGNED_BY:
            self.line.at(berlin(f"{day} 10:00"), lambda client=client: self._report(client, name))

    def sign(self, client: str) -> None:
        """Both sign what is rendered now."""
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

    def amend(self) -> None:
        """New prices, and servers, from the middle of June."""
        words = ("--effective", "2026-06-15", "--summary", "Servers; prices by the index")
        self.house.netmgr("agreement", "amend", *words, who="p-3")
        for old, new in AMENDED:
            self.house.edit(AGREEMENT, old, new)
        self.sign("acme")

    def reports(self, client: str) -> list[Any]:
        """The JSON of each report that the client has."""
        return [
            json.loads(path.read_bytes()) for path in sorted((self.out / client / "reports").glob("*.json"))
        ]

    def _report(self, client: str, month: str) -> None:
        words = ("--month", month, "--format", self.formats, "--out", str(self.out / client / "reports"))
        self.house.netmgr("report", *words, client=client, who="p-3")
