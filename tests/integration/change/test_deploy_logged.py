"""A change and its log: what cannot be logged is not made, and what was logged is not made twice."""

import pytest

from netmgr.errors import Refused, StoreError
from netmgr.workflows.deploy import deploy
from netmgr.workflows.gates import DeployRequest
from netmgr.workflows.recover import recover
from tests.integration.change.deploying import (
    EVERYTHING,
    NAMES,
    other_as,
    outcomes,
    run,
    yes,
)


class FullDisk:
    """The real log, whose disk is full from the n-th append on."""

    def __init__(self, log, appends):
        self._log, self._left = log, appends

    def append(self, *arguments, **named):
        self._left -= 1
        if self._left < 0:
            raise StoreError("store.db: database or disk is full")
        return self._log.append(*arguments, **named)

    def __getattr__(self, name):
        return getattr(self._log, name)


def test_a_change_that_cannot_be_logged_is_not_made(world):
    log = FullDisk(world.wiring.service_log, 1)  # the inventory entry fits, the intent does not
    with pytest.raises(Refused) as refusal:
        deploy(world.runtime(log=log), EVERYTHING, DeployRequest(), given=None, approve=yes)
    assert (refusal.value.gate, refusal.value.code) == ("log", 5)
    assert world.journal() == dict.fromkeys(NAMES, [])


def test_a_decision_that_cannot_be_logged_is_an_abort(world):
    log = FullDisk(world.wiring.service_log, 2)
    result = deploy(world.runtime(log=log), EVERYTHING, DeployRequest(), given=None, approve=yes)
    assert (result.outcome, outcomes(result)) == ("rolled_back", dict.fromkeys(NAMES, "rolled_back"))
    assert [refusal.gate for refusal in result.refused] == ["log", "log"]
    assert world.journal() == dict.fromkeys(NAMES, ["committed", "rolled_back"])
    assert [r.outcome for r in recover(world.runtime())] == ["rolled_back"], (
        "recover closes it once the disk has room"
    )


class Died(BaseException):
    """The command ended here, at once."""


def test_a_command_that_died_and_was_recovered_is_not_made_again_by_repeating_it(world):
    run(world)
    before = world.running()
    other_as(world)

    def die(_device):
        raise Died

    world.fleet.devices["r1"].faults["relogin"] = die
    request = world.clock.new_id()
    with pytest.raises(Died):
        run(world, request=request)
    world.fleet.devices["r1"].faults.clear()
    (ended,) = recover(world.runtime())
    journal = world.journal()
    again = run(world, request=request)
    assert (again.change, again.outcome, again.plan) == (ended.change, "rolled_back", ended.plan)
    assert outcomes(again) == outcomes(ended)
    assert (world.journal(), world.running()) == (journal, before)
