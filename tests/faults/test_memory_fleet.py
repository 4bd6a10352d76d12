"""Eight devices in memory: every fault on every device in every layout, and netmgr killed at every single step."""

from collections import Counter

import pytest

from tests.integration.change.faults import BEFORE, CONFIRM
from tests.integration.change.ring import NAMES
from tests.integration.change.test_every_fault import LAYOUTS, expected, judged, play
from tests.integration.change.test_killed import CASES, every

pytestmark = pytest.mark.faults
FAULTS = {**BEFORE, **CONFIRM}


@pytest.mark.tally("changes in memory")
@pytest.mark.parametrize("atomic", ["network", "wave"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_fault_on_every_device(layout, atomic, cases, capsys):
    cases.expect(len(FAULTS) * len(NAMES))
    table, wrong = {}, {}
    for fault in FAULTS:
        ends = {name: judged(*play(layout, atomic, fault, name)) for name in NAMES}
        table[fault] = Counter(ends.values())
        for name, end in ends.items():
            if end == expected(fault):
                cases.hold()
            else:
                wrong[fault, name] = end
    with capsys.disabled():
        print(f"\n{layout}, atomic: {atomic}")
        for fault, ends in table.items():
            print(f"  {fault:36} {', '.join(f'{end} {count}/8' for end, count in ends.items())}")
    assert wrong == {}


@pytest.mark.tally("kills in memory")
@pytest.mark.parametrize(("atomic", "fault"), CASES)
def test_killed_at_every_step(atomic, fault, cases, capsys):
    ends = every(atomic, fault, stride=1)
    cases.expect(ends.total())
    for _ in range(ends.total()):
        cases.hold()
    with capsys.disabled():
        print(f"\nkilled, atomic: {atomic}, {fault or 'no fault'}: {dict(ends)}")
    assert ends.keys() <= {"all old", "all new", "split"}
