"""Outcomes and exit codes as the contract's table has them."""

import pytest

from netmgr.change.outcome import change_outcome, device_outcome, exit_code

BEFORE, AFTER, OTHER = "b" * 64, "a" * 64, "c" * 64

DEVICE_CASES = [
    # running, before, after, committed → outcome
    (AFTER, BEFORE, AFTER, True, "applied"),
    (BEFORE, BEFORE, AFTER, True, "rolled_back"),
    (BEFORE, BEFORE, AFTER, False, "failed"),
    (OTHER, BEFORE, AFTER, True, "in_doubt"),
    (OTHER, BEFORE, AFTER, False, "in_doubt"),
    (None, BEFORE, AFTER, True, "in_doubt"),
    (AFTER, AFTER, AFTER, True, "unchanged"),
]


@pytest.mark.parametrize(("running", "before", "after", "committed", "outcome"), DEVICE_CASES)
def test_a_device_is_judged_by_what_it_reads(running, before, after, committed, outcome):
    assert device_outcome(running=running, before=before, after=after, committed=committed) == outcome


CHANGE_CASES = [
    # to be committed, beside them, held → outcome, exit code
    ((), (), False, "unchanged", 0),
    ((), ("unchanged",), False, "unchanged", 0),
    (("applied",), ("unchanged",), False, "applied", 0),
    (("applied", "rolled_back"), (), False, "split", 6),
    (("applied", "failed"), (), False, "split", 6),
    (("applied", "refused"), (), False, "split", 6),
    (("applied", "rolled_back", "in_doubt"), (), False, "in_doubt", 6),
    (("rolled_back", "failed"), (), False, "rolled_back", 4),
    (("rolled_back", "refused"), ("failed",), False, "rolled_back", 4),
    ((), ("failed", "refused"), False, "failed", 1),
    ((), ("failed", "unchanged"), False, "failed", 1),
    (("failed", "refused"), (), False, "failed", 1),
    (("applied",), ("failed",), False, "applied", 3),
    (("refused",), ("unchanged",), False, "refused", 5),
    ((), (), True, "pending", 0),
    (("in_doubt",), (), True, "in_doubt", 6),
]


@pytest.mark.parametrize(("devices", "beside", "held", "outcome", "code"), CHANGE_CASES)
def test_a_change_is_the_first_word_that_fits(devices, beside, held, outcome, code):
    assert change_outcome(devices, beside=beside, held=held) == outcome
    assert exit_code(outcome, left_out=outcome == "applied" and "failed" in beside) == code
