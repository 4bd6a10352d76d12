"""The agreement ends, or is suspended, in each phase of a running deploy: it is brought to its end, never stranded."""

import dataclasses
import json
import signal
from datetime import UTC, date, datetime, timedelta

import pytest

from netmgr.adapters.settings_yaml import load_settings
from netmgr.model.access import Actor
from netmgr.ports.progress import Silent
from netmgr.wiring import Wiring
from netmgr.workflows import agreement as workflow
from netmgr.workflows.signing import sign
from tests.lab.site import NAMES, ONE_COMMAND
from tests.unit.service.samples import TEXT

pytestmark = pytest.mark.lab

FILE = "inventory/square/agreement.yaml"
#: In force since long ago; a suspension that is decided now begins with the day before.
LASTING = TEXT.replace("notice: 14d", "notice: 1d").replace(
    'to: "2026-12-31", notice: 90d', 'to: "2099-12-31", notice: 90d'
)


class Office:
    """Who decides on the agreement, in this process: its entries are in the log within milliseconds."""

    def __init__(self, workspace):
        self.workspace = workspace
        self.wiring = Wiring(workspace, load_settings(workspace))
        plain = {"pdf": lambda document, _: b"%PDF-" + repr(document).encode()}
        self.wiring.__dict__["office"] = dataclasses.replace(self.wiring.office, renderers=plain)
        self.day = datetime.now(UTC).date()

    def runtime(self):
        return self.wiring.runtime(
            client="square",
            target="network",
            actor=Actor(id="p-9", auth="os", on="office"),
            request=self.wiring.clock.new_id(),
            progress=Silent(),
            interrupted=lambda: False,
        )

    def sign(self, text):
        (self.workspace / FILE).write_text(text)
        sign(self.runtime(), b"%PDF-", {"client": "A", "provider": "B"}, scan=True)

    def suspend(self):
        workflow.suspend(self.runtime(), notice=self.day - timedelta(days=2))

    def resume(self):
        workflow.resume(self.runtime())

    def amend(self, term_ends: date):
        """The next version, whose term ends with that day."""
        effective = workflow.show(self.runtime()).agreement.effective + timedelta(days=1)
        workflow.amend(self.runtime(), effective=effective, summary="another end")
        text = (self.workspace / FILE).read_text()
        old = text.split('to: "')[1][:10]
        self.sign(text.replace(f'to: "{old}"', f'to: "{term_ends}"'))


@pytest.fixture(scope="module")
def office(booted):
    office = Office(booted.workspace)
    office.sign(LASTING)
    yield office
    (booted.workspace / FILE).unlink()


@pytest.fixture
def edited(site):
    with site.edited("asn: 65001", "asn: 65091"), site.edited("asn: 65003", "asn: 65093"):
        yield site


def deploy_until(site, phase, then, number=None):
    """A deploy that the agreement binds. When it says that it is in the phase it is held, and ``then`` is done: how
    long that takes does not matter. Exit code, document.
    """
    words = ("deploy", "--yes", "--gates", "--confirm-in", "60", "-m", "bound", "-o", "json")
    with site.start(*words) as process:
        for line in process.stderr:
            if line.startswith(phase):
                process.send_signal(signal.SIGSTOP)
                then()
                break
        else:
            raise AssertionError(f"the command ended before it said {phase!r}")
        process.send_signal(number or signal.SIGCONT)
        out, _ = process.communicate(timeout=ONE_COMMAND)
    return process.returncode, json.loads(out) if out else None


def order(site):
    """What came after what in the log since the newest intent: the intent, the agreement's entries, the result."""
    words = [
        entry["action"] if entry["kind"] == "agreement" else entry["phase"]
        for entry in site.entries()
        if entry["kind"] in ("change", "agreement") and "device" not in entry
    ]
    return words[len(words) - 1 - words[::-1].index("intent") :]


LONG = pytest.mark.faults
PHASES = [
    pytest.param("load:", marks=LONG),
    pytest.param("commit:", marks=LONG),
    pytest.param("check:", marks=LONG),
    "decision: confirm",
]


@pytest.mark.parametrize("phase", PHASES)
def test_suspended_meanwhile_it_is_finished_and_the_next_is_refused(edited, office, phase):
    site = edited
    try:
        code, document = deploy_until(site, phase, office.suspend)
        assert (code, document["outcome"]) == (0, "applied")
        told = order(site)
        assert told.index("intent") < told.index("suspend") < told.index("result")
        assert {name: site.running(name) for name in NAMES} != site.baseline
        with site.edited("asn: 65091", "asn: 65191"):
            refused = site.deploy("--gates", code=5)
        assert [each["gate"] for each in refused["refused"]] == ["agreement"]
        back = site.document("rollback", document["change"], "--gates", "--yes", "--confirm-in", "60")
        assert back["outcome"] == "applied"
        assert {name: site.running(name) for name in NAMES} == site.baseline
    finally:
        office.resume()


def test_suspended_before_it_is_judged_nothing_is_touched(edited, office):
    site = edited
    try:
        code, document = deploy_until(site, "read:", office.suspend)
        # The devices are being read: the plan is judged afterwards.
        assert (code, [each["gate"] for each in document["refused"]]) == (5, ["agreement"])
        assert {name: site.running(name) for name in NAMES} == site.baseline
    finally:
        office.resume()


def test_ended_and_killed_in_the_checks_recover_brings_it_back(edited, office):
    site = edited
    code, _ = deploy_until(
        site, "check:", lambda: office.amend(office.day - timedelta(days=1)), number=signal.SIGKILL
    )
    assert code == -signal.SIGKILL
    (recovered,) = site.document("recover", code=4)["changes"]
    assert recovered["outcome"] == "rolled_back"
    assert {name: site.running(name) for name in NAMES} == site.baseline
    refused = site.deploy("--gates", code=5)
    assert [each["gate"] for each in refused["refused"]] == ["agreement"]
    assert "the agreement is not in force: it ended at" in refused["refused"][0]["reason"]
    office.amend(date(2099, 12, 31))
    assert site.deploy("--gates")["outcome"] == "applied"
