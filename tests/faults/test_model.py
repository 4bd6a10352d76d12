"""Lives of a network, drawn at random: a few in every test run, many in `make faults`."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.faults.model import NetworkLife

pytestmark = pytest.mark.tally("lives of a network")


def live(lives: int, steps: int, *, shrink: bool = False) -> None:
    """Live so many lives of so many steps; one that goes wrong is made as short as can be, which takes minutes."""
    run_state_machine_as_test(
        NetworkLife,
        settings=settings(
            max_examples=lives,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate, Phase.shrink] if shrink else [Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_few_lives(cases):
    cases.expect(10)
    live(10, 15)
    for _ in range(10):
        cases.hold()


@pytest.mark.faults
def test_many_lives(cases):
    cases.expect(300)
    live(300, 40, shrink=True)
    for _ in range(300):
        cases.hold()
