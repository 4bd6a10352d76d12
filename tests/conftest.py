"""The line of denominators at the end of a run; here, because only this file is read by whoever prints it."""

from tests.faults.tally import (  # noqa: F401 - hooks
    cases,
    pytest_runtest_logreport,
    pytest_runtest_makereport,
    pytest_terminal_summary,
)
