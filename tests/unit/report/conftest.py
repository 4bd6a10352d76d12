"""A client's report over the store in memory."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from netmgr.adapters.inventory_memory import MemoryInventories
from netmgr.adapters.reports_dir import ReportDirectory
from netmgr.adapters.signing_key import SigningKey
from netmgr.adapters.store_memory import MemoryServiceLog
from netmgr.model.access import Actor
from netmgr.model.people import People, Person
from netmgr.platforms import FORMS
from netmgr.ports.progress import Silent
from netmgr.report.material import Plugged
from netmgr.service.records import PROJECTIONS
from netmgr.workflows.report import MadeReport, ReportRequest, make_report
from netmgr.workflows.runtime import Runtime
from tests.clock import ManualClock
from tests.unit.report.story import START, Story, at

FILES = {
    "client.yaml": "id: acme\nnames: {en: Acme, de: Acme GmbH}\nlocale: en\ntimezone: Europe/Berlin\n",
    "hosts.yaml": "".join(
        f"{name}: {{platform: frr}}\n"
        for name in ("core1", "core2", "edge1", "edge2", "branch-north", "branch-south")
    )
    + "isp: {platform: frr, data: {lifecycle: external}}\n",
}


PEOPLE = People(people={"p-17": Person(id="p-17", name="Mei Chen"), "p-09": Person(id="p-09", name="陈美")})


class NotUsed:
    """A port that a report has no business with."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"a report does not ask for {name}")


@dataclass
class Desk:
    """Who makes reports: a log, a clock, and what the client's files say."""

    clock: ManualClock
    log: MemoryServiceLog
    reports: ReportDirectory
    files: dict[str, str] = field(default_factory=lambda: dict(FILES))
    permitted: bool = True
    sections: list[Plugged] = field(default_factory=list)

    @property
    def signer(self) -> SigningKey:
        return self.reports.signer

    def story(self, **options: Any) -> Story:
        return Story(self.log, self.clock, **options)

    def runtime(self, target: Any = "network", request: str | None = None) -> Runtime:
        idle: Any = NotUsed()
        return Runtime(
            client="acme",
            target=target,
            actor=Actor(id="p-17", auth="os", on="ops1"),
            request=request or self.clock.new_id(),
            clock=self.clock,
            log=self.log,
            fleet=idle,
            inventories=MemoryInventories({"acme": self.files}, FORMS),
            templates=idle,
            revision=idle,
            secrets=idle,
            locks=idle,
            snapshots=idle,
            plans=idle,
            forms=FORMS,
            endpoints=idle,
            overlay=None,
            fingerprint_key=b"",
            progress=Silent(),
            permitted=lambda action: self.permitted and action in ("read", "desk"),
            interrupted=lambda: False,
            open_records=lambda: self.log.records,
            open_desk=lambda: self.reports,
            open_sections=lambda: tuple(self.sections),
        )

    def make(self, when: str = "2026-11-28 17:05", *, target: Any = "network", **options: Any) -> MadeReport:
        """A report made at ``when`` (UTC); the period is November unless the options say otherwise."""
        self.clock.elapsed = (at(when) - START).total_seconds()
        request = options.pop("request", None)
        if "first" not in options:
            options.setdefault("month", "2026-11")
        asked = ReportRequest(formats=options.pop("formats", ("html", "md", "json")), **options)
        return make_report(self.runtime(target, request), asked)


@pytest.fixture
def desk(tmp_path) -> Desk:
    clock = ManualClock()
    reports = ReportDirectory(tmp_path / "reports", SigningKey(tmp_path / "log-ed25519"), lambda: PEOPLE)
    return Desk(clock, MemoryServiceLog(clock, projections=PROJECTIONS), reports)
