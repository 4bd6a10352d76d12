"""Whoever was silent for too long and lost the lease sends nothing more; whoever took over ends what was begun."""

import pytest

from netmgr.errors import Refused, StoreError
from netmgr.workflows import change_log
from netmgr.workflows.deploy import writing
from netmgr.workflows.recover import recover
from tests.integration.change.deploying import NAMES, deploy_everything, other_as, outcomes, run

#: Phase of the devices in which the engineer's command is stopped → what its own result says of the devices.
MOMENTS = {
    "read": None,
    "load": "refused",
    "commit:after": "in_doubt",
    "relogin": "in_doubt",
    "commit_state": "in_doubt",
}


def stopped(world, *, seconds, meanwhile):
    """A fault in which the command is silent for so long while somebody else comes, once."""
    done = []

    def fault(_device):
        if not done:
            done.append(True)
            world.clock.sleep(seconds)
            meanwhile()

    return fault


def somebody_recovers(world, ends):
    def meanwhile():
        faults, world.fleet.devices["r1"].faults = world.fleet.devices["r1"].faults, {}
        ends.extend(recover(world.runtime()))
        world.fleet.devices["r1"].faults = faults

    return meanwhile


@pytest.mark.parametrize("moment", MOMENTS)
def test_who_was_stopped_past_the_lease_and_goes_on_sends_and_logs_nothing(world, moment):
    run(world)
    before, other = world.running(), []
    other_as(world)
    marks = []

    def remember():
        marks.append((world.journal(), len(world.entries())))

    recovers = somebody_recovers(world, other)
    world.fleet.devices["r1"].faults[moment] = stopped(
        world, seconds=65, meanwhile=lambda: (recovers(), remember())
    )
    if MOMENTS[moment] is None:
        with pytest.raises(Refused) as refusal:
            run(world, confirm_in=100)
        assert refusal.value.gate == "lease"
        assert other == []
    else:
        result = run(world, confirm_in=100)
        assert [refused.gate for refused in result.refused] == ["lease"]
        assert {outcomes(result)[name] for name in ("r1", "r2", "r4")} == {MOMENTS[moment]}
        assert [end.outcome for end in other] == ["failed" if moment == "load" else "rolled_back"]
    assert (world.journal(), len(world.entries())) == marks[0]
    assert world.running() == before
    assert world.wiring.service_log.open_intents("square", "network") == ()


def test_a_late_order_that_is_on_its_way_already_is_refused_by_the_device(world):
    """The lease is lost after the last look at it and before the devices hear of the commit."""
    run(world)
    before, ends = world.running(), []
    other_as(world)
    world.fleet.devices["r1"].faults["commit"] = stopped(
        world, seconds=65, meanwhile=somebody_recovers(world, ends)
    )
    result = run(world, confirm_in=100)
    assert [refused.gate for refused in result.refused] == ["lease"]
    assert [end.outcome for end in ends] == ["failed"]
    assert world.running() == before
    assert {words[-1] for words in world.journal().values()} == {"confirmed"}


def test_who_was_silent_without_being_replaced_finishes(world):
    run(world)
    other_as(world)
    world.fleet.devices["r1"].faults["relogin"] = stopped(world, seconds=65, meanwhile=lambda: None)
    result = run(world, confirm_in=100)
    assert outcomes(result) == {"r1": "applied", "r2": "applied", "r3": "unchanged", "r4": "applied"}


def test_the_newcomer_says_whose_lease_it_took(world):
    with writing(world.runtime()):
        world.clock.sleep(61)
        with writing(world.runtime()):
            pass
    assert world.said == [
        "lease: taken over from p-1 on ops1 (since 2026-11-23T08:00:00+00:00), which has fallen silent"
    ]


class Unknown:
    """Locks whose lease cannot be asked any more from the n-th time on."""

    def __init__(self, locks, times):
        self._locks, self._left = locks, times

    def hold(self, *arguments):
        outer = self

        class Lease:
            def __enter__(self):
                self.context = outer._locks.hold(*arguments)
                self.lease = self.context.__enter__()
                self.epoch, self.taken_from = self.lease.epoch, None
                return self

            def __exit__(self, *error):
                return self.context.__exit__(*error)

            def ensure(self):
                outer._left -= 1
                if outer._left < 0:
                    raise StoreError("the store does not answer")

        return Lease()


def test_where_the_lease_cannot_be_asked_nothing_is_confirmed_and_the_timers_bring_all_back(world):
    run(world)
    before = world.running()
    other_as(world)
    # Asked before the intent, the commit, the first look and the decision; for the confirm it is not known.
    result = deploy_everything(world.runtime(locks=Unknown(world.wiring.locks, 4)), confirm_in=20)
    assert outcomes(result) == {**dict.fromkeys(("r1", "r2", "r4"), "rolled_back"), "r3": "unchanged"}
    assert world.running() == before
    assert {name: words[2:] for name, words in world.journal().items()} == {
        **dict.fromkeys(("r1", "r2", "r4"), ["committed", "rolled_back"]),
        "r3": [],
    }


def test_where_the_lease_cannot_be_asked_nothing_is_committed(world):
    result = deploy_everything(world.runtime(locks=Unknown(world.wiring.locks, 1)))
    assert outcomes(result) == dict.fromkeys(NAMES, "refused")
    assert world.journal() == dict.fromkeys(NAMES, [])


def test_a_late_word_of_who_was_replaced_does_not_undo_what_was_decided(world):
    """Stopped between its last look at the lease and the log; whoever took over logged an abort and died."""
    held = run(world, hold=True)
    for word in ("abort", "confirm"):
        change_log.decision(world.runtime(), held.change, word, "deploy")
    assert [end.outcome for end in recover(world.runtime())] == ["rolled_back"]
    assert world.running() == dict.fromkeys(NAMES, "")
