"""One booted pair of routers for all cases; each leaves it as a case may, or fails."""

from collections.abc import Iterator

import pytest

from tests.faults.routers.case import clean
from tests.faults.routers.pair import Pair, boot, remove


@pytest.fixture(scope="session")
def booted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Pair]]:
    """The pair that is up; another one is booted after a case that left dirt."""
    up: list[Pair] = []
    yield up
    for pair in up:
        remove(pair)


@pytest.fixture
def pair(booted: list[Pair], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Two routers as the inventory intends them, and verified to be so afterwards."""
    if not booted:
        booted.append(boot(tmp_path_factory.mktemp("pair")))
    pair = booted[0]
    try:
        yield pair
        assert clean(pair) == []
        pair.settled()
        plan = pair.document("plan", "--detailed-exitcode")
        assert plan["waves"] == [], "a case leaves both routers as the inventory intends them"
        assert pair.document("recover")["changes"] == [], "a case leaves no change open"
    except BaseException:
        booted.clear()
        remove(pair)
        raise
