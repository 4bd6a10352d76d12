"""The order of a run's files: none is lost, long ones begin early, and what waits takes turns with what computes."""

from tests.scheduling import in_turns

DOCS = ["tests/docs/test_demo.py"]
LABS = [f"tests/lab/test_{number}.py" for number in range(17)]
UNITS = [f"tests/unit/test_{number}.py" for number in range(40)]


def test_every_file_has_its_place():
    order = in_turns([*UNITS, *DOCS, *LABS])
    assert sorted(order) == sorted([*DOCS, *LABS, *UNITS])
    assert [file for file in order if file in UNITS] == UNITS
    assert [file for file in order if file in LABS] == LABS


def test_both_kinds_take_turns_and_short_ones_are_last():
    order = in_turns([*UNITS, *DOCS, *LABS])
    assert order[:6] == [*DOCS, LABS[0], UNITS[0], UNITS[1], LABS[1], UNITS[2]]
    assert order[-7:] == UNITS[-7:]


def test_one_kind_alone_keeps_its_order():
    assert in_turns(LABS) == LABS
    assert in_turns(UNITS) == UNITS
    assert in_turns([]) == []
