"""What the agreement says is not kept longer is destroyed, certified, and nothing else is touched."""

import json
from hashlib import sha256

import pytest
import rfc8785

from netmgr.cli import retention as command
from netmgr.cli.main import run as netmgr
from netmgr.errors import Refused, UsageError
from netmgr.model.people import People
from netmgr.model.selection import Selection
from netmgr.ports.store import Gone
from netmgr.workflows import log as logs
from netmgr.workflows.backup import backup
from netmgr.workflows.backup_views import check
from netmgr.workflows.retention import apply, due
from tests.integration.exit.conftest import CANARY

DAY = 86_400
#: Of the agreement in tests.integration.exit.conftest: it ends on 2026-12-31, its run-off 30 days later.
TERM = 100 * DAY


def items(found):
    return {(item.what, item.rule): item.count for item in found.items}


def bodies(world, kind=None):
    """Body → whether it is there, of the client's entries."""
    log = world.wiring.service_log
    found = [entry for entry in log.entries("square", kind=kind) if entry.body]
    return {entry.body.digest: log.body("square", entry.body.digest) is not Gone.ERASED for entry in found}


def verified(world):
    return logs.verify(world.wiring.service_log, world.wiring.signing_key, "square")


def theirs(world):
    """All that is another client's."""
    log = world.wiring.service_log
    (entry,) = log.entries("globex")
    return log.body("globex", entry.body.digest), world.wiring.reports.read("globex", f"{CANARY}.md")


def certificates(world):
    return [
        e for e in world.wiring.service_log.entries("square", kind="erasure") if e.action == "certificate"
    ]


def test_nothing_is_due_while_everything_is_young(leaving):
    found = due(leaving.runtime())
    assert (found.items, found.closes) == ((), None)
    before = leaving.wiring.service_log.head("square")
    assert apply(leaving.runtime()).certificate is None
    assert leaving.wiring.service_log.head("square") == before


def test_texts_and_old_configurations_go_by_their_age_and_the_rest_stays(leaving):
    leaving.clock.sleep(401 * DAY)
    backup(leaving.runtime(), Selection())
    leaving.fleet.devices["r1"].running += "banner motd third\n"
    backup(leaving.runtime(), Selection())
    found = due(leaving.runtime())
    # The version that was in force when the time began stays, and so does what is newer.
    assert items(found) == {("versions", "configurations"): 1, ("snapshots", "configurations"): 1}
    apply(leaving.runtime())
    left = leaving.wiring.backups.versions("square", "network")
    assert len([version for version in left if version.note.device == "r1"]) == 2
    leaving.clock.sleep(700 * DAY)
    there = bodies(leaving)
    texts = items(due(leaving.runtime()))["bodies", "texts"]
    kept = sum(
        bodies(leaving, kind).get(d, False) for kind in ("ticket", "contact", "agreement") for d in there
    )
    assert texts == sum(there.values()) - kept > 0
    made = apply(leaving.runtime())
    assert made.certificate.facts["bodies"] == {"texts": texts}
    assert sum(bodies(leaving).values()) == kept
    assert verified(leaving).holds


def test_after_the_term_all_goes_the_chain_holds_and_the_certificate_is_what_the_log_says(leaving):
    leaving.clock.sleep(TERM + 3650 * DAY)
    before, kept = theirs(leaving), sum(bodies(leaving).values())
    promised = items(due(leaving.runtime()))
    assert {what for what, _ in promised} == {"bodies", "versions", "snapshots", "reports"}
    made = apply(leaving.runtime())
    assert items(made) == promised
    assert not any(bodies(leaving).values())
    found = verified(leaving)
    assert (found.problems, found.present, found.missing, found.erased) == ((), 0, 0, kept + 1)
    assert leaving.wiring.backups.versions("square", "network") == ()
    assert leaving.wiring.reports.kept("square") == []
    assert leaving.wiring.snapshots.older("square", leaving.clock.now()) == []
    assert check(leaving.runtime()).problems == ()
    facts = dict(made.certificate.facts)
    assert sum(facts["bodies"].values()) == kept
    orders = [
        e.facts for e in leaving.wiring.service_log.entries("square", kind="erasure") if "rule" in e.facts
    ]
    (destroyed,) = [
        e.facts["files"]
        for e in leaving.wiring.service_log.entries("square", kind="erasure")
        if e.action == "destroy"
    ]
    listed = {
        "bodies": sorted(order["digest"] for order in orders),
        **{k: sorted(v) for k, v in destroyed.items()},
    }
    assert facts["destroyed"] == sha256(rfc8785.dumps(listed)).hexdigest()
    assert theirs(leaving) == before
    head = leaving.wiring.service_log.head("square")
    assert (items(apply(leaving.runtime())), leaving.wiring.service_log.head("square")) == ({}, head)


STEPS = [
    "the order",
    "the snapshots",
    "the reports",
    "the backups",
    "the first bodies",
    "the last bodies",
    "the proof",
]


@pytest.mark.parametrize(
    "after", [False, pytest.param(True, marks=pytest.mark.faults)], ids=["before", "after"]
)
@pytest.mark.parametrize("step", STEPS)
def test_a_run_that_is_cut_short_is_finished_and_certified_by_the_next(leaving, monkeypatch, step, after):
    leaving.clock.sleep(TERM + 3650 * DAY)
    monkeypatch.setattr("netmgr.workflows.retention._BATCH", 4)
    promised, kept = items(due(leaving.runtime())), sum(bodies(leaving).values())
    wiring = leaving.wiring
    batches = -(-kept // 4)
    owner, name, call = {
        "the order": (wiring.service_log, "append", 1),
        "the snapshots": (wiring.snapshots, "remove", 1),
        "the reports": (wiring.reports, "remove", 1),
        "the backups": (wiring.backups, "remove", 1),
        "the first bodies": (wiring.service_log, "erase_all", 1),
        "the last bodies": (wiring.service_log, "erase_all", batches),
        "the proof": (wiring.service_log, "append", 2),
    }[step]
    whole, calls = getattr(owner, name), []

    def killed(*given, **named):
        calls.append(name)
        if len(calls) == call and not after:
            raise KeyboardInterrupt
        done = whole(*given, **named)
        if len(calls) == call:
            raise KeyboardInterrupt
        return done

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, killed)
        with pytest.raises(KeyboardInterrupt):
            apply(leaving.runtime())
    certified = step == "the proof" and after
    assert len(certificates(leaving)) == certified
    assert verified(leaving).holds
    apply(leaving.runtime())
    (certificate,) = certificates(leaving)
    facts = certificate.facts
    assert {("bodies", rule): count for rule, count in facts["bodies"].items()} | {
        (what, rule): facts[what] for what, rule in promised if what != "bodies"
    } == promised
    assert not any(bodies(leaving).values())
    assert wiring.reports.kept("square") == []
    assert wiring.backups.versions("square", "network") == ()
    assert verified(leaving).holds


def test_it_is_asked_of_the_signed_agreement_and_the_manager(square):
    with pytest.raises(UsageError, match="no agreement is signed"):
        due(square.runtime())
    people = {"p-1": {"id": "p-1", "roles": {"square": ["engineer"]}}}
    square.wiring.people = People.model_validate({"people": people})
    with pytest.raises(Refused, match="p-1 may not agree square"):
        apply(square.runtime())


def test_the_command_shows_and_only_destroys_when_told(leaving, monkeypatch, capsys):
    monkeypatch.setattr(command, "reading_runtime", lambda _context, _target: leaving.commands(None))
    leaving.clock.sleep(TERM + 3650 * DAY)
    arguments = ["-w", str(leaving.workspace), "retention"]
    assert netmgr([*arguments, "list", "-c", "square", "-o", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert list(listed) == ["schema", "client", "closes", "items", "certificate"]
    assert netmgr([*arguments, "apply", "-c", "square", "-o", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == listed
    assert certificates(leaving) == []
    assert netmgr([*arguments, "apply", "-c", "square"]) == 0
    shown = capsys.readouterr()
    assert "1 reports (documents)" in shown.out
    assert "nothing was destroyed" in shown.err
    assert netmgr([*arguments, "apply", "-c", "square", "--yes"]) == 0
    (certificate,) = certificates(leaving)
    assert f"the certificate is seq {certificate.seq}" in capsys.readouterr().err
