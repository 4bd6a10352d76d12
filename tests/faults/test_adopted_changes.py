"""Every address, VLAN and neighbor of every captured configuration changed, one after the other: exactly its lines."""

import pytest

from tests.unit.adopt.test_changes import CASES, FOUND, assert_its_own_lines, changes

pytestmark = [pytest.mark.tally("changes of adopted data"), pytest.mark.faults]


@pytest.mark.parametrize(
    ("capture", "kind", "number"),
    [(capture, kind, n) for capture, kind in CASES for n in range(FOUND[capture][kind])],
    ids=str,
)
def test_exactly_its_lines_change(capture, kind, number):
    for fresh in (1, 26, 60):
        assert_its_own_lines(capture, changes(capture, kind, fresh)[number])
