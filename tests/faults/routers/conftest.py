"""One booted pair of routers for all cases; each leaves it as a case may, or fails."""

from collections.abc import Iterator

import pytest

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
    """Two routers as the inventory intends them; after a case that failed, the next one gets others."""
    if not booted:
        booted.append(boot(tmp_path_factory.mktemp("pair")))
    pair = booted[0]
    yield pair
    if pair.broken:
        booted.clear()
        remove(pair)
