"""The year's first two months, with devices in memory and papers without PDF; all twelve are `make year`."""

import pytest

from tests.year.checks import CHECKS
from tests.year.story import play, year


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    made = year(tmp_path_factory.mktemp("year"), months=2, memory=True, papers=False)
    play(made)
    return made


@pytest.mark.parametrize("name", CHECKS)
def test_what_must_hold_at_the_end(made, name):
    with made.house.open():
        CHECKS[name](made)
