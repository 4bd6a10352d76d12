"""Gates: shown in the plan, enforced by deploy and rollback, judged by the clock of then. It is Monday, 08:00 UTC."""

import dataclasses
import json
from datetime import datetime

import pytest

from netmgr.cli import main
from netmgr.cli import plan as plan_command
from netmgr.errors import Refused, UsageError
from netmgr.model.endpoint import Endpoint
from netmgr.model.selection import Selection
from netmgr.platforms import FORMS
from netmgr.workflows.deploy import deploy, plan, saved
from netmgr.workflows.gates import DeployRequest
from netmgr.workflows.recover import confirm, recover
from netmgr.workflows.rollback import rollback

NAMES = ("r1", "r2", "r3", "r4")
EVERYTHING = Selection()
HOUR = 3600
WEEKEND = '{name: weekend, days: [saturday], start: "22:00", end: "04:00"}'
TO_SATURDAY = (5 * 24 + 13) * HOUR
"""From the clock's begin to Saturday, 22:00 in Berlin (21:00 UTC)."""


def yes(_plan):
    return True


def run(world, *, selection=EVERYTHING, given=None, approve=yes, runtime=None, **asked):
    return deploy(runtime or world.runtime(), selection, DeployRequest(**asked), given=given, approve=approve)


def planned(world, selection=EVERYTHING, runtime=None, **asked):
    return plan(runtime or world.runtime(), selection, DeployRequest(**asked))


def policy(world, text, name="one"):
    directory = world.workspace / "config/policies"
    directory.mkdir(exist_ok=True)
    (directory / f"{name}.yaml").write_text(text)


def client(world, text):
    world.edit("inventory/square/client.yaml", lambda before: before + text)


def windows(world, *texts, freezes=""):
    text = "timezone: Europe/Berlin\nmaintenance_windows:\n" + "".join(f"  - {each}\n" for each in texts)
    client(world, text + freezes)


def other_loopbacks(world):
    world.edit("inventory/square/hosts.yaml", lambda text: text.replace("10.255.0.", "10.254.0."))


def gates(refused):
    return [refusal.gate for refusal in refused]


def refusal(world, **asked):
    """Why a deploy is refused; nothing was touched then."""
    before, journal, entries = world.running(), world.journal(), world.entries()
    with pytest.raises(Refused) as raised:
        run(world, **asked)
    assert (world.running(), world.journal(), world.entries()) == (before, journal, entries)
    assert raised.value.code == 5
    return raised.value


def test_a_deploy_waits_for_the_window_that_the_plan_names(world):
    windows(world, WEEKEND)
    made = planned(world)
    assert [each.model_dump() for each in made.refused] == [
        {
            "gate": "window",
            "reason": "no maintenance window of client square is open at Monday 2026-11-23T09:00+01:00",
            "remedy": "wait until Saturday 2026-11-28T22:00+01:00 (window weekend of client square), "
            "or --break-glass REASON",
        }
    ]
    assert made.at == "2026-11-23T08:00:00+00:00"
    assert gates(refusal(world, given=made).every) == ["window"]
    world.clock.elapsed += TO_SATURDAY - 1
    assert refusal(world).gate == "window"
    world.clock.elapsed += 1
    assert run(world, given=made).outcome == "applied", "the plan of Monday runs on Saturday"


@pytest.mark.parametrize(
    ("at", "expected", "judged"),
    [
        ("2026-11-28T22:00", [], "2026-11-28T21:00:00+00:00"),
        ("2026-11-28T22:00+01:00", [], "2026-11-28T22:00:00+01:00"),
        ("2026-11-28T22:00Z", [], "2026-11-28T22:00:00+00:00"),
        ("2026-11-28T21:59", ["window"], "2026-11-28T20:59:00+00:00"),
        ("2026-11-28T20:59Z", ["window"], "2026-11-28T20:59:00+00:00"),
        ("2026-11-29T03:59", [], "2026-11-29T02:59:00+00:00"),
        ("2026-12-19T23:00", ["freeze"], "2026-12-19T22:00:00+00:00"),
    ],
)
def test_a_plan_for_a_time_is_judged_for_it_and_a_deploy_by_the_clock(world, at, expected, judged):
    windows(world, WEEKEND, freezes='freezes: [{from: "2026-12-18", to: "2027-01-04", reason: Year end}]\n')
    made = planned(world, at=datetime.fromisoformat(at))
    assert (gates(made.refused), made.at) == (expected, judged)
    assert refusal(world, given=made).gate == "window"


@pytest.mark.parametrize(("at", "often"), [("2026-03-29T02:30", "never"), ("2026-10-25T02:30", "twice")])
def test_a_time_that_clocks_do_not_show_once_needs_its_offset(world, at, often):
    windows(world, WEEKEND)
    with pytest.raises(UsageError) as raised:
        planned(world, at=datetime.fromisoformat(at))
    assert str(raised.value) == (
        f"--at {at}:00: clocks in Europe/Berlin show that {often}; add the offset, such as +01:00"
    )


def test_a_window_that_closes_while_the_question_stands_is_closed(world):
    windows(world, WEEKEND)
    world.clock.elapsed += TO_SATURDAY

    def hesitate(shown):
        assert shown.refused == ()
        world.clock.elapsed += 6 * HOUR
        return True

    assert refusal(world, approve=hesitate).gate == "window"


def test_a_window_that_opens_while_a_refused_plan_is_shown_does_not_deploy_it_unasked(world):
    windows(world, WEEKEND)
    world.clock.elapsed += TO_SATURDAY - 1

    def look(shown):
        assert gates(shown.refused) == ["window"]
        world.clock.elapsed += 1
        return True

    assert refusal(world, approve=look).gate == "window"


def test_a_site_has_its_own_windows(world):
    world.edit(
        "inventory/square/hosts.yaml",
        lambda text: text.replace("r1:\n  data:\n", "r1:\n  data:\n    site: east\n"),
    )
    windows(world, WEEKEND)
    client(
        world,
        "sites:\n  east:\n    timezone: Asia/Tokyo\n"
        '    maintenance_windows: [{name: day, days: [monday], start: "16:00", end: "18:00"}]\n',
    )
    assert planned(world, Selection(names=("r1",))).refused == ()
    assert refusal(world).reason.startswith("no maintenance window of client square")
    assert run(world, selection=Selection(names=("r1",))).outcome == "applied"


def test_a_policy_that_ignores_windows(world):
    windows(world, WEEKEND, freezes='freezes: [{from: "2026-11-23", to: "2026-11-23", reason: Sales}]\n')
    assert gates(refusal(world).every) == ["freeze", "window"]
    policy(world, "windows: ignored\n")
    assert run(world).outcome == "applied"


def test_a_lab_has_windows_only_when_asked(world):
    windows(world, WEEKEND)
    assert planned(world, runtime=world.runtime(target="lab")).refused == ()
    assert gates(planned(world, runtime=world.runtime(target="lab"), gates=True).refused) == ["window"]
    with pytest.raises(Refused):
        run(world, runtime=world.runtime(target="lab"), gates=True)
    assert run(world, runtime=world.runtime(target="lab")).outcome == "applied"


def test_a_dry_run_waits_for_nothing(world):
    windows(world, WEEKEND)
    assert run(world, dry_run=True).outcome == "unchanged"


def test_what_is_open_is_brought_to_its_end_in_any_window(world):
    world.clock.elapsed += TO_SATURDAY
    windows(world, WEEKEND)
    held = run(world, hold=True, confirm_in=9 * HOUR)
    world.clock.elapsed += 7 * HOUR
    assert confirm(world.runtime(), held.change).outcome == "applied"
    other_loopbacks(world)
    world.clock.elapsed += (7 * 24 - 7) * HOUR
    again = run(world, hold=True)
    world.clock.elapsed += 7 * HOUR
    assert [result.outcome for result in recover(world.runtime())] == ["rolled_back"]
    assert again.change != held.change


def test_a_rollback_is_a_new_change_for_the_gates(world):
    first = run(world)
    windows(world, WEEKEND)
    before = world.running()
    with pytest.raises(Refused) as raised:
        rollback(world.runtime(), first.change, DeployRequest(), approve=yes)
    assert (raised.value.gate, world.running()) == ("window", before)
    world.clock.elapsed += TO_SATURDAY
    assert rollback(world.runtime(), first.change, DeployRequest(), approve=yes).outcome == "applied"


def test_a_ticket_that_the_policy_asks_for(world):
    policy(world, "ticket: required\n")
    assert [each.model_dump() for each in planned(world).refused] == [
        {"gate": "ticket", "reason": "the policy asks for a ticket", "remedy": "add --ticket ID"}
    ]
    assert refusal(world).gate == "ticket"
    assert run(world, ticket="T-1").outcome == "applied"
    windows(world, WEEKEND)
    assert planned(world).refused == (), "no change, no gate"
    assert run(world).outcome == "unchanged"


@pytest.mark.parametrize("ticket", ["", "T 1", "T\n1", "T-Ä", 'T"1'])
def test_a_ticket_that_the_log_could_not_hold(ticket):
    with pytest.raises(UsageError, match="--ticket "):
        DeployRequest(ticket=ticket)


def test_protected_lines_are_never_removed(world):
    run(world)
    policy(world, "protected: [{line: '^ip address 10.255', devices: [r2, r9], reason: monitored}]\n")
    other_loopbacks(world)
    assert [(each.gate, each.reason) for each in planned(world).refused] == [
        ("protected", "r2: removes 'ip address 10.255.0.2/32', protected by '^ip address 10.255' (monitored)")
    ]
    assert refusal(world).gate == "protected"
    others = Selection(names=("r1", "r3", "r4"))
    assert run(world, selection=others).outcome == "applied"


def test_a_protected_line_is_not_removed_by_a_rollback_either(world):
    first = run(world)
    policy(world, "protected: [{line: remote-as}]\n")
    with pytest.raises(Refused) as raised:
        rollback(world.runtime(), first.change, DeployRequest(), approve=yes)
    assert raised.value.gate == "protected"


def test_a_protected_line_is_shown_without_its_secret(world):
    run(world)
    device, line = world.fleet.devices["r1"], " neighbor 10.0.0.1 remote-as 65002\n"
    assert line in device.running
    device.running = device.canonical(
        device.running.replace(line, f"{line} neighbor 10.0.0.1 password hunter2\n")
    )
    policy(world, "protected: [{line: password}]\n")
    (refused,) = planned(world).refused
    assert refused.gate == "protected"
    assert "neighbor 10.0.0.1 password <" in refused.reason
    assert "hunter2" not in saved(planned(world)).decode()


def test_shares_of_the_network_and_of_a_device(world):
    run(world)
    policy(world, "largest_share: {devices: 50, lines: 10}\n")
    world.edit("inventory/square/hosts.yaml", lambda text: text.replace("asn: 65001", "asn: 65099"))
    refused = refusal(world).every
    assert gates(refused) == ["share"] * 2
    assert refused[0].reason == "changes 3 of 4 active devices, more than 50 %"
    assert refused[1].reason.startswith("r1: touches ")
    assert gates(planned(world, Selection(names=("r1", "r2"))).refused) == ["share"]
    world.edit(
        "inventory/square/hosts.yaml",
        lambda text: text.replace("r4:\n  data:\n", "r4:\n  data:\n    lifecycle: maintenance\n"),
    )
    assert planned(world).refused[0].reason == "changes 2 of 3 active devices, more than 50 %"
    world.edit("inventory/square/hosts.yaml", lambda text: text.replace("    lifecycle: maintenance\n", ""))
    assert run(world, selection=Selection(names=("r2",))).outcome == "rolled_back", (
        "one end alone, but allowed"
    )


def managed_by_loopback(world):
    """A runtime whose devices have no timer, and are reached at their loopback: no platform here is so today."""

    def endpoints(devices):
        return tuple(
            Endpoint(
                device=d.name,
                platform=d.platform,
                hostname=f"10.255.0.{d.name[1]}",
                port=22,
                username="",
                known_hosts="",
            )
            for d in devices
        )

    forms = {"frr": dataclasses.replace(FORMS["frr"], commit_confirm=None)}
    return dataclasses.replace(world.runtime(forms=forms), endpoints=endpoints)


def test_a_device_that_nothing_would_bring_back_is_not_locked_out(world):
    run(world)
    world.edit("inventory/square/hosts.yaml", lambda text: text.replace("10.255.0.2", "10.254.0.2"))
    world.edit("inventory/square/hosts.yaml", lambda text: text.replace("asn: 65003", "asn: 65093"))
    refused = planned(world, runtime=managed_by_loopback(world)).refused
    assert [each.model_dump() for each in refused] == [
        {
            "gate": "lockout",
            "reason": "r2: changes the way that it is managed through, and nothing on the device would bring it back",
            "remedy": "make this part from its console, or let a policy say lockout: warn",
        }
    ]
    with pytest.raises(Refused) as raised:
        run(world, runtime=managed_by_loopback(world), break_glass="now")
    assert raised.value.gate == "lockout"
    assert planned(world).refused == (), "FRR has a timer"
    policy(world, "lockout: warn\n")
    made = planned(world, runtime=managed_by_loopback(world))
    assert made.refused == ()
    warned = [d.device for d in made.devices if any(w.startswith("changes the way") for w in d.warnings)]
    assert warned == ["r2"]


def test_takeover_stands_in_the_same_list(world):
    world.fleet.devices["r2"].running = FOREIGN
    policy(world, "ticket: required\n")
    assert gates(planned(world).refused) == ["takeover", "ticket"]
    assert gates(refusal(world).every) == ["takeover", "ticket"]
    assert run(world, takeover=frozenset({"r2"}), ticket="T-1").outcome == "applied"


FOREIGN = "interface eth9\n description somebody else's\nexit\n!\n"


def test_a_wrong_policy_stops_new_changes_and_no_recovery(world):
    held = run(world, hold=True)
    policy(world, "windws: ignored\n")
    with pytest.raises(Exception, match="unknown key 'windws'"):
        planned(world)
    assert confirm(world.runtime(), held.change).outcome == "applied"


def command(world, *arguments):
    return main.run(["-w", str(world.workspace), "-c", "square", *arguments])


@pytest.fixture
def on_the_command_line(world, monkeypatch):
    for module in (plan_command, __import__("netmgr.cli.deploy", fromlist=["deploy"])):
        monkeypatch.setattr(module, "change_runtime", world.commands)
    return world


def test_on_the_command_line(on_the_command_line, capsys):
    world = on_the_command_line
    windows(world, WEEKEND)
    policy(world, "ticket: required\n")
    assert command(world, "plan", "--detailed-exitcode", "-o", "json") == 2
    document = json.loads(capsys.readouterr().out)
    assert [refusal["gate"] for refusal in document["refused"]] == ["ticket", "window"]
    assert document["author"] == "p-1"
    assert command(world, "plan", "--at", "2026-11-28T23:00") == 0
    shown = capsys.readouterr().out
    assert "deploy would be refused (ticket): the policy asks for a ticket; add --ticket ID\n" in shown
    assert "(window)" not in shown
    assert command(world, "plan", "--at", "tomorrow") == 64
    assert capsys.readouterr().err.endswith(
        "--at tomorrow: not a time in ISO 8601; write it like 2026-12-05T22:00 or 2026-12-05T22:00+01:00\n"
    )
    assert command(world, "deploy", "--yes") == 5
    errors = [line for line in capsys.readouterr().err.splitlines() if line.startswith("error: ")]
    assert errors == [
        "error: refused (ticket): the policy asks for a ticket; add --ticket ID",
        "error: refused (window): no maintenance window of client square is open at Monday 2026-11-23T09:00+01:00; "
        "wait until Saturday 2026-11-28T22:00+01:00 (window weekend of client square), or --break-glass REASON",
    ]
    assert command(world, "deploy", "--yes", "-o", "json") == 5
    document = json.loads(capsys.readouterr().out)
    assert (document["outcome"], gates_of(document)) == ("refused", ["ticket", "window"])


def gates_of(document):
    return [refusal["gate"] for refusal in document["refused"]]
