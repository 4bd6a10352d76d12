"""What all tests share: a run's order, and its line of denominators at the end, which is printed from here alone."""

import gc

from hypothesis import HealthCheck, settings

from tests import pango
from tests.faults.tally import (  # noqa: F401 - hooks
    cases,
    pytest_runtest_logreport,
    pytest_runtest_makereport,
    pytest_terminal_summary,
)
from tests.postgresql import postgresql  # noqa: F401
from tests.scheduling import pytest_collection_modifyitems, pytest_xdist_make_scheduler  # noqa: F401 - hooks

pango.use()

# Nothing here is timed: a loaded machine makes no example wrong (speed is measured in benchmarks/).
settings.register_profile("netmgr", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("netmgr")


def pytest_collection_finish() -> None:
    """What was collected stays to the end: the garbage collector need not go through it, again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
