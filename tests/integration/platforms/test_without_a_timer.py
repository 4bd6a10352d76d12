"""A platform of another package, with no timer on the device: changed, brought back, killed in the middle."""

import pytest

from netmgr.errors import Refused
from netmgr.platforms import FORMS
from netmgr.workflows.answer import answer
from netmgr.workflows.gates import DeployRequest
from tests.integration.platforms.conftest import SECRET
from tests.waiting import wait_until

WANTED = """\
hostname sw1
ntp 192.0.2.123
snmp community {secret}
interface port1
  address 10.0.0.0/31
  description to core1:Ethernet1
interface port2
  description {words}
  mtu 9000
"""


def wanted(words):
    return WANTED.format(secret=SECRET, words=words)


def outcomes(result):
    return {device.device: device.outcome for device in result.devices}


def only(result, device):
    return next(each for each in result.devices if each.device == device)


def test_the_platform_is_there_beside_netmgr_s_own(grove):
    assert set(grove.wiring.forms) == {*FORMS, "larch"}
    status = grove.wiring.lab.status("grove")
    assert [(d.device, d.platform, d.kind, d.ready) for d in status.devices] == [
        ("sw1", "larch", "emulated", True),
        ("core1", "eos", "emulated", True),
    ]


def test_a_plan_says_that_nothing_on_the_device_brings_it_back(settled):
    settled.want("scanners", "192.0.2.2")
    made = settled.plan()
    assert {d.device: d.strategy for d in made.devices} == {"core1": "commit_confirm", "sw1": "snapshot"}
    assert made.timerless == ("sw1",)
    assert {d.device: d.warnings for d in made.devices} == {
        "core1": (),
        "sw1": (
            "no device-side timer: nothing rescues the device if the change cuts its management or netmgr is killed",
        ),
    }
    assert SECRET not in made.model_dump_json()


def test_a_change_replaces_what_runs_and_the_second_plan_is_empty(settled):
    settled.ask("sw1", "drift", text="dns 192.0.2.53\ninterface port3\n  shutdown")
    assert {d.device: d.status for d in settled.audit().devices} == {"core1": "compliant", "sw1": "drifted"}
    settled.want("scanners")
    assert outcomes(settled.deploy()) == {"core1": "unchanged", "sw1": "applied"}
    assert settled.running("sw1") == wanted("scanners")
    assert [d.action for d in settled.plan().devices] == ["none", "none"]
    assert {d.device: d.status for d in settled.audit().devices} == {"core1": "compliant", "sw1": "compliant"}


def test_a_rollback_is_exact(settled):
    settled.want("scanners")
    change = settled.deploy().change
    assert outcomes(settled.rollback(change)) == {"sw1": "applied"}
    assert settled.running("sw1") == wanted("printers")


def test_where_another_device_fails_it_is_taken_back(settled):
    before = settled.running("core1")
    settled.fault("core1", r"configure session \S+ commit timer \S+", "reject", text="Invalid input")
    settled.want("scanners", "192.0.2.2")
    result = settled.deploy()
    assert (result.outcome, outcomes(result)) == (
        "rolled_back",
        {"core1": "failed", "sw1": "rolled_back"},
    )
    assert (settled.running("sw1"), settled.running("core1")) == (wanted("printers"), before)


def test_a_line_that_it_refuses_stops_the_change_before_any_commit(settled):
    settled.fault("sw1", r"candidate add   mtu 9000", "reject", text="error: too long\n")
    settled.want("scanners", "192.0.2.2")
    count = settled.events("core1").count("armed")
    result = settled.deploy()
    assert outcomes(result) == {"core1": "refused", "sw1": "failed"}
    assert only(result, "sw1").error == "sw1: load: mtu 9000: too long"
    assert settled.events("core1").count("armed") == count
    assert settled.running("sw1") == wanted("printers")


def test_an_answer_that_is_lost_after_the_commit_is_looked_up(settled):
    settled.fault("sw1", "candidate apply", "lost")
    settled.want("scanners")
    assert outcomes(settled.deploy()) == {"core1": "unchanged", "sw1": "applied"}
    assert settled.running("sw1") == wanted("scanners")


def test_what_changed_since_the_plan_is_not_overwritten(settled):
    settled.fault("sw1", "candidate diff", "drift", text="dns 192.0.2.53")
    settled.want("scanners")
    result = settled.deploy()
    assert result.outcome in ("failed", "rolled_back", "in_doubt")
    assert "the running configuration has changed since the plan was made" in only(result, "sw1").error
    assert settled.running("sw1") == wanted("printers").replace("ntp", "dns 192.0.2.53\nntp", 1)


def test_nothing_is_held_where_nothing_would_bring_it_back(settled):
    settled.want("scanners")
    with pytest.raises(Refused) as caught:
        settled.deploy(hold=True)
    assert str(caught.value) == (
        "refused (hold): no timer on sw1: what is held there would never go back by itself; deploy without --hold"
    )
    assert settled.running("sw1") == wanted("printers")


def commits_and_is_killed(grove):
    """Killed once the Larch runs the change and before anything is decided: nobody can log in any more."""
    applied = grove.events("sw1").count("applied")
    grove.fault("sw1", "candidate apply", "lost")
    grove.fault("sw1", "connect", "reject", times=-1, spared=1)
    grove.killed(lambda: grove.events("sw1").count("applied") > applied)
    for device in ("sw1", "core1"):
        grove.ask(device, "no faults")


def test_netmgr_killed_after_the_commit_leaves_it_and_recover_says_so(settled):
    settled.want("scanners")
    commits_and_is_killed(settled)
    assert settled.running("sw1") == wanted("scanners")
    with pytest.raises(Refused) as caught:
        settled.deploy()
    assert caught.value.gate == "open_change"
    (result,) = settled.recover()
    assert (result.outcome, outcomes(result)) == ("applied", {"sw1": "applied"})
    assert only(result, "sw1").error == (
        "sw1: rollback: no timer took it back; `netmgr rollback` of the change does"
    )
    assert settled.running("sw1") == wanted("scanners")
    assert outcomes(settled.rollback(result.change)) == {"sw1": "applied"}
    assert settled.running("sw1") == wanted("printers")


def test_netmgr_killed_before_the_commit_leaves_what_ran(settled):
    settled.want("scanners")
    settled.fault("sw1", "candidate apply", "hang")
    before = settled.events("sw1").count("fault")
    settled.killed(lambda: settled.events("sw1").count("fault") > before)
    settled.ask("sw1", "no faults")
    (result,) = settled.recover()
    assert outcomes(result) == {"sw1": "rolled_back"}
    assert only(result, "sw1").error == "sw1: rollback: it runs what it ran before"
    assert settled.running("sw1") == wanted("printers")


def test_beside_a_device_with_a_timer_a_kill_leaves_a_mixed_network_that_recover_names(settled):
    before = settled.running("core1")
    settled.want("scanners", "192.0.2.2")
    commits_and_is_killed(settled)
    (result,) = settled.recover()
    assert (result.outcome, outcomes(result)) == ("split", {"core1": "rolled_back", "sw1": "applied"})
    assert (result.split.as_planned, result.split.as_before) == (("sw1",), ("core1",))
    assert settled.running("core1") == before
    back = answer(settled.runtime(), "back", None, DeployRequest(), approve=lambda _: True)
    assert back.outcome == "applied"
    wait_until(lambda: settled.running("sw1") == wanted("printers"), seconds=10)
