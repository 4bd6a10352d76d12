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
        try:
            assert pair.deploy()["outcome"] == "unchanged", "no case leaves a change open or a router behind"
        finally:
            remove(pair)


@pytest.fixture
def pair(booted: list[Pair], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Two routers as the inventory intends them, and verified to be so afterwards."""
    if not booted:
        booted.append(boot(tmp_path_factory.mktemp("pair")))
    pair = booted[0]
    before, number = pair.state(), pair.number
    try:
        yield pair
        assert clean(pair) == []
        pair.settled()
        renamed = (f"description link {number}\n", f"description link {pair.number}\n")
        for name, state in pair.state().items():
            assert state.running == before[name].running.replace(*renamed), f"{name}: the case left something"
            assert state.startup == before[name].startup.replace(*renamed), f"{name}: the case left something"
            assert state.kernel == before[name].kernel, f"{name}: the case left something"
    except BaseException:
        booted.clear()
        remove(pair)
        raise
