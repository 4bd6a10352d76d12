"""What a plan says of devices that have no timer: no more than what holds."""

import pytest

from netmgr.cli.view_change import show_plan
from netmgr.model.change import Basis, Plan, PlannedDevice, WaveReason, WaveTimer

NONE = "no device-side timer: nothing rescues the device"


def plan(strategies):
    basis = Basis(target="lab", store="s", git=None, inventory="i", templates="t", secrets="k", running={})
    return Plan(
        id="p",
        client="grove",
        target="lab",
        created="2026-01-01T00:00:00+00:00",
        basis=basis,
        atomic="network",
        confirm_in=100,
        devices=tuple(
            PlannedDevice(
                device=name,
                action="replace",
                strategy=strategy,
                diff="+a\n",
                added=1,
                removed=0,
                wave=1,
                warnings=(NONE,) if strategy == "snapshot" else (),
            )
            for name, strategy in strategies.items()
        ),
        waves=(tuple(strategies),),
        why=(WaveReason(wave=1, reason="all at once"),),
        timers=(WaveTimer(wave=1, seconds=100, checks=95),),
    )


@pytest.mark.parametrize(
    ("strategies", "guarantee", "timer"),
    [
        (
            {"sw1": "snapshot", "sw2": "snapshot"},
            "guarantee: all or nothing (atomic: network), sw1, sw2 only while netmgr runs and can log in: no "
            "device-side timer",
            "none",
        ),
        (
            {"core1": "commit_confirm", "sw1": "snapshot"},
            "guarantee: all or nothing (atomic: network), device-side timer 100 s; sw1 only while netmgr runs and "
            "can log in: no device-side timer",
            "100 s",
        ),
        (
            {"core1": "commit_confirm"},
            "guarantee: all or nothing (atomic: network), device-side timer 100 s",
            "100 s",
        ),
    ],
)
def test_the_guarantee_claims_no_timer_that_is_not_there(capsys, strategies, guarantee, timer):
    show_plan(plan(strategies), output="table")
    shown = " ".join(capsys.readouterr().out.split())
    assert shown.endswith(guarantee)
    without = [name for name, strategy in strategies.items() if strategy == "snapshot"]
    assert (f"warning: {', '.join(without)}: {NONE}" in shown) is bool(without)
    assert f"{', '.join(strategies)} {timer} all at once" in shown
