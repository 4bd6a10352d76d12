"""How many cases of each kind held, printed at the end: ``faults 54/54, crash points 130/130``.

A test is one case of the kind that its marker ``tally`` names. A test that goes through many cases of its own counts
them with the fixture ``cases``. A case that was skipped, and one that a failure kept from being tried, did not hold.
"""

from collections.abc import Iterator
from typing import Any

import pytest

_KEY = "tally"
_counted: dict[str, list[int]] = {}


class Cases:
    """The cases within one test."""

    def __init__(self) -> None:
        self.total = 1
        self.held = 0
        self.counts_itself = False

    def expect(self, number: int) -> None:
        """So many cases follow."""
        self.total, self.counts_itself = number, True

    def hold(self) -> None:
        """One more held."""
        self.held += 1


@pytest.fixture
def cases(request: pytest.FixtureRequest) -> Iterator[Cases]:
    counted = Cases()
    request.node.stash[_CASES] = counted
    return counted


_CASES = pytest.StashKey[Cases]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Put the count where a worker's report carries it to whoever prints it."""
    report: Any = yield
    marker = item.get_closest_marker(_KEY)
    if marker and (report.when == "call" or (report.when == "setup" and not report.passed)):
        counted = item.stash.get(_CASES, Cases())
        held = counted.held if counted.counts_itself else int(report.passed)
        report.user_properties.append((_KEY, [marker.args[0], held, counted.total]))
    return report


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add a test's cases up."""
    for name, value in report.user_properties if report.when != "teardown" else ():
        if name == _KEY:
            kind, held, total = value
            sums = _counted.setdefault(kind, [0, 0])
            sums[0] += held
            sums[1] += total


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line with every kind."""
    if _counted:
        line = ", ".join(f"{kind} {held}/{total}" for kind, (held, total) in sorted(_counted.items()))
        terminalreporter.write_line(line, bold=True)
