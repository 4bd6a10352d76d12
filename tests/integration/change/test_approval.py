"""Four eyes: `netmgr approve` with real SSH keys, and the deploy that looks at the approval again."""

import dataclasses
import json

import pytest

from netmgr.adapters.ssh_signatures import SshSignatures
from netmgr.cli import approve as approve_command
from netmgr.cli import deploy as deploy_command
from netmgr.cli import main
from netmgr.cli import plan as plan_command
from netmgr.errors import StoreError
from netmgr.model.access import Actor
from netmgr.workflows.approving import approve
from netmgr.workflows.deploy import deploy, parse_plan, plan, saved
from netmgr.workflows.gates import DeployRequest
from netmgr.workflows.rollback import rollback
from tests.integration.change.desk import (
    EVERYTHING,
    HOUR,
    approvals,
    people,
    planned,
    refusal,
    run,
    signed,
    yes,
)


def test_the_plan_says_that_it_needs_approval_and_a_deploy_without_a_plan_cannot_have_it(desk):
    (needed,) = planned(desk).refused
    assert (needed.gate, needed.reason) == (
        "approval",
        "a second person has to approve: 4 devices are more than 1",
    )
    assert needed.remedy == (
        "`netmgr plan --out FILE`, somebody else with the role approver runs `netmgr approve FILE`, "
        "then `netmgr deploy FILE`, or --break-glass REASON"
    )
    refused = refusal(lambda: run(desk), desk)
    assert (refused.gate, refused.remedy) == ("approval", needed.remedy)


def test_an_approved_plan_runs_and_the_log_says_who_approved(desk, keys):
    made = planned(desk)
    assert refusal(lambda: run(desk, given=made), desk).remedy.startswith(
        "somebody else with the role approver runs"
    )
    approved = signed(desk, keys, made)
    (entry,) = approvals(desk)
    assert (entry.kind, entry.action, entry.phase, entry.outcome) == (
        "approval",
        "approve",
        "result",
        "approved",
    )
    assert (entry.actor, entry.auth, entry.target) == ("p-2", "key", "network")
    assert entry.facts == {
        "plan": made.id,
        "digest": approved.digest,
        "expires": "2026-11-24T08:00:00.000000Z",
    }
    assert desk.wiring.service_log.body("square", entry.body.digest).startswith(
        b"-----BEGIN SSH SIGNATURE-----"
    )
    result = run(desk, given=made)
    assert result.outcome == "applied"
    intent = next(e for e in desk.wiring.service_log.entries("square", kind="change") if e.phase == "intent")
    assert intent.facts["approved_by"] == "p-2"
    assert "break_glass" not in intent.facts


def test_a_plan_file_is_as_good_as_the_plan_whatever_its_layout(desk, keys):
    made = planned(desk)
    file = json.dumps(json.loads(saved(made)), sort_keys=True).encode()
    signed(desk, keys, parse_plan(file, "plan.json"))
    assert run(desk, given=made).outcome == "applied"


def test_a_file_that_was_altered_after_the_approval_is_another_plan(desk, keys):
    made = planned(desk)
    signed(desk, keys, made)
    for change in (
        {"confirm_in": made.confirm_in + 1},
        {"author": "p-9"},
        {"created": "2026-11-23T09:00:00+00:00"},
    ):
        altered = made.model_copy(update=change)
        refused = refusal(lambda altered=altered: run(desk, given=altered), desk)
        assert refused.reason.endswith("; p-2 approved another content of it")


def test_an_approval_is_for_one_plan_of_one_target(desk, keys):
    made, other = planned(desk), planned(desk)
    signed(desk, keys, made)
    refused = refusal(lambda: run(desk, given=other), desk)
    assert refused.reason == "a second person has to approve: 4 devices are more than 1", (
        "nothing is said of others"
    )
    in_lab = plan(desk.runtime(target="lab"), EVERYTHING, DeployRequest(gates=True))
    signed(desk, keys, in_lab, runtime=desk.runtime(target="lab"))
    forged = made.model_copy(update={"id": in_lab.id})
    assert refusal(lambda: run(desk, given=forged), desk).gate == "approval"
    lab = lambda: desk.runtime(target="lab")  # noqa: E731
    assert run(desk, given=in_lab, runtime=lab(), gates=True).outcome == "applied"


def test_whoever_deploys_it_the_author_stays_who_made_the_plan(desk, keys):
    made = planned(desk)
    signed(desk, keys, made)
    shown = []
    other = dataclasses.replace(desk.runtime(), actor=Actor(id="p-3", auth="os", on="ops1"))
    deploy(other, EVERYTHING, DeployRequest(), given=made, approve=lambda plan: shown.append(plan) or True)
    assert [(plan.author, plan.created) for plan in shown] == [("p-1", made.created)]


def test_a_lab_needs_no_approval_unless_asked(desk):
    assert plan(desk.runtime(target="lab"), EVERYTHING, DeployRequest()).refused == ()
    assert run(desk, runtime=desk.runtime(target="lab")).outcome == "applied"


def test_nobody_approves_what_is_their_own(desk, keys):
    made = planned(desk)
    refused = refusal(lambda: signed(desk, keys, made, "p-1"), desk)
    assert (refused.gate, refused.reason) == ("approval", "p-1 made the plan")
    # With another name written into the file p-1 may sign it, but somebody else has to deploy it then.
    forged = made.model_copy(update={"author": "p-3"})
    signed(desk, keys, forged, "p-1")
    refused = refusal(lambda: run(desk, given=forged), desk)
    assert refused.reason.endswith("; p-1 approved it, and somebody else has to deploy it")


def test_who_made_a_plan_has_to_be_known(desk, keys):
    made = planned(desk).model_copy(update={"author": ""})
    assert refusal(lambda: signed(desk, keys, made), desk).reason == "the plan does not say who made it"


@pytest.mark.parametrize(
    ("person", "gate", "reason"),
    [
        ("p-3", "access", "p-3 may not approve for square"),
        ("stranger", "access", "the key {keys}/stranger is nobody's in config/people.yaml"),
    ],
)
def test_who_may_not_approve(desk, keys, person, gate, reason):
    made = planned(desk)
    refused = refusal(lambda: signed(desk, keys, made, person), desk)
    assert (refused.gate, refused.reason) == (gate, reason.format(keys=keys))


def test_a_key_that_signs_for_somebody_else_s_public_key_is_found_out(desk, keys):
    class Mixed(SshSignatures):
        def public_key(self, key):
            return super().public_key(str(keys / "p-2"))

    made = planned(desk)
    runtime = dataclasses.replace(desk.runtime(), signatures=Mixed())
    refused = refusal(lambda: signed(desk, keys, made, "p-3", runtime), desk)
    assert (refused.gate, refused.reason) == ("approval", "the signature is by no key of p-2")


def test_nothing_is_signed_without_a_yes(desk, keys):
    made = planned(desk)
    refused = refusal(
        lambda: approve(desk.runtime(), made, key=str(keys / "p-2"), ask=lambda *_: False), desk
    )
    assert refused.reason == "the plan was not approved"


@pytest.mark.parametrize(("hours", "holds"), [(24 - 0.001, True), (24, False)])
def test_an_approval_expires(desk, keys, hours, holds):
    made = planned(desk)
    signed(desk, keys, made)
    desk.clock.elapsed += hours * HOUR
    if holds:
        assert run(desk, given=made).outcome == "applied"
        return
    refused = refusal(lambda: run(desk, given=made), desk)
    assert refused.reason.endswith("; the approval of p-2 expired at 2026-11-24T08:00:00.000000Z")
    signed(desk, keys, made)
    assert run(desk, given=made).outcome == "applied"


@pytest.mark.parametrize(
    ("now", "wrong"),
    [
        ("roles: {square: [engineer]}", "p-2 may not approve any more"),
        ('roles: {square: [approver]}\n  valid: {to: "2026-11-22"}', "p-2 may not approve any more"),
    ],
)
def test_a_role_that_is_taken_away_takes_the_approval_with_it(desk, keys, now, wrong):
    made = planned(desk)
    signed(desk, keys, made)
    people(desk, keys, p2=now)
    assert refusal(lambda: run(desk, given=made), desk).reason.endswith(f"; {wrong}")
    people(desk, keys)
    assert run(desk, given=made).outcome == "applied"


def test_a_key_that_is_taken_away_takes_the_approval_with_it(desk, keys):
    made = planned(desk)
    signed(desk, keys, made)
    file = desk.workspace / "config/people.yaml"
    file.write_text(
        file.read_text().replace(
            (keys / "p-2.pub").read_text().strip(), (keys / "stranger.pub").read_text().strip()
        )
    )
    assert refusal(lambda: run(desk, given=made), desk).reason.endswith(
        "; the signature of p-2 does not hold"
    )


def test_an_entry_without_its_signature_is_no_approval(desk, keys):
    made = planned(desk)
    signed(desk, keys, made)
    (entry,) = approvals(desk)
    forged = dataclasses.replace(
        desk.runtime().draft(
            kind="approval", action="approve", phase="result", outcome="approved", facts=entry.facts
        ),
        actor="p-2",
    )
    order = desk.runtime().draft(
        kind="erasure", action="erase", phase="result", facts={"digest": entry.body.digest}
    )
    desk.wiring.service_log.erase("square", entry.body.digest, order)
    desk.wiring.service_log.append("square", [forged])
    assert refusal(lambda: run(desk, given=made), desk).reason.endswith(
        "; the signature of p-2 does not hold"
    )


def test_an_approval_that_cannot_be_logged_is_none(desk, keys):
    class Full:
        def __getattr__(self, name):
            return getattr(desk.wiring.service_log, name)

        def append(self, *_):
            raise StoreError("no space left on device")

    made = planned(desk)
    runtime = desk.runtime(log=Full())
    assert refusal(lambda: signed(desk, keys, made, runtime=runtime), desk).gate == "log"


def test_the_plan_still_has_to_hold(desk, keys):
    made = planned(desk)
    signed(desk, keys, made)
    desk.edit("inventory/square/hosts.yaml", lambda text: text.replace("10.255.0.", "10.254.0."))
    assert refusal(lambda: run(desk, given=made), desk).gate == "stale_plan"


def test_what_could_not_be_read_then_is_not_changed_unseen(desk, keys):
    desk.fleet.devices["r3"].reachable = False
    made = planned(desk)
    signed(desk, keys, made)
    desk.fleet.devices["r3"].reachable = True
    refused = refusal(lambda: run(desk, given=made), desk)
    assert (refused.gate, refused.reason) == ("stale_plan", "it would change something else now")


def test_a_rollback_is_approved_like_any_change(desk, keys):
    made = planned(desk)
    signed(desk, keys, made)
    first = run(desk, given=made)

    def back(given=None, **asked):
        return rollback(desk.runtime(), first.change, DeployRequest(**asked), given=given, approve=yes)

    refused = refusal(back, desk)
    assert refused.gate == "approval"
    document = desk.wiring.plans.load("square", refused.remedy.split("--plan ")[1].split("`")[0])
    undo = parse_plan(document, "plan")
    assert refusal(lambda: back(given=undo), desk).gate == "approval"
    signed(desk, keys, undo)
    assert refusal(lambda: back(given=made), desk).gate == "stale_plan"
    assert back(given=undo).outcome == "applied"
    assert desk.running() == dict.fromkeys(desk.running(), "")


@pytest.fixture
def on_the_command_line(desk, monkeypatch):
    for module, name in (
        (plan_command, "change_runtime"),
        (deploy_command, "change_runtime"),
        (approve_command, "reading_runtime"),
    ):
        monkeypatch.setattr(module, name, desk.commands)
    return desk


def command(world, *arguments):
    return main.run(["-w", str(world.workspace), *arguments])


def test_on_the_command_line(on_the_command_line, keys, tmp_path, capsys):
    desk, file = on_the_command_line, str(tmp_path / "plan.json")
    assert command(desk, "plan", "-c", "square", "--out", file) == 0
    assert "deploy would be refused (approval): a second person has to approve" in capsys.readouterr().out
    assert command(desk, "deploy", "-c", "square", file, "--yes") == 5
    assert command(desk, "approve", file, "--key", str(keys / "p-1"), "--yes") == 5
    assert capsys.readouterr().err.endswith(
        "error: refused (approval): p-1 made the plan; four eyes: somebody else has to approve it\n"
    )
    assert command(desk, "approve", file, "--key", str(keys / "p-2")) == 5
    assert "there is no terminal to ask on; look at the plan, then add --yes" in capsys.readouterr().err
    assert approvals(desk) == []
    assert command(desk, "approve", file, "--key", str(keys / "p-2"), "--yes", "-o", "json") == 0
    document = json.loads(capsys.readouterr().out)
    assert list(document) == ["schema", "client", "target", "plan", "digest", "by", "expires"]
    assert (document["schema"], document["by"], document["client"]) == ("netmgr.approval/1", "p-2", "square")
    assert (
        command(desk, "approve", "-c", "square", document["plan"], "--key", str(keys / "p-2"), "--yes") == 0
    )
    assert capsys.readouterr().out == (
        f"p-2 approved plan {document['plan']} of square (network) until 2026-11-24T08:00:00.000000Z\n"
    )
    assert command(desk, "deploy", "-c", "square", file, "--yes") == 0
    capsys.readouterr()
    assert command(desk, "deploy", "-c", "square", "--break-glass", " ") == 64
    assert capsys.readouterr().err.endswith("--break-glass needs a reason; say why it cannot wait\n")


def test_break_glass_is_never_taken_from_the_environment(on_the_command_line, monkeypatch):
    monkeypatch.setenv("NETMGR_BREAK_GLASS", "left behind")
    assert command(on_the_command_line, "deploy", "-c", "square", "--yes") == 5
    assert command(on_the_command_line, "deploy", "-c", "square", "--yes", "--break-glass", "now") == 0


def test_a_plan_that_is_none(on_the_command_line, tmp_path, capsys):
    assert command(on_the_command_line, "approve", "-c", "square", str(tmp_path / "missing")) == 1
    assert "no such plan file, and no saved plan of square" in capsys.readouterr().err
    (tmp_path / "plan").write_text("{}")
    assert command(on_the_command_line, "approve", str(tmp_path / "plan")) == 1
    assert ":1: not a plan: " in capsys.readouterr().err
