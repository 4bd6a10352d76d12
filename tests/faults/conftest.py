"""What the fault tests share."""

import os
from collections.abc import Iterator

import pytest

from tests.faults.forked import Forks


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks]:
    """Commands that start at once."""
    made = Forks(dict(os.environ))
    yield made
    made.close()
