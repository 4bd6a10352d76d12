"""What all tests share, and the line of denominators at the end of a run, which is printed from here alone."""

from tests.faults.tally import (  # noqa: F401 - hooks
    cases,
    pytest_runtest_logreport,
    pytest_runtest_makereport,
    pytest_terminal_summary,
)
from tests.postgresql import postgresql  # noqa: F401
