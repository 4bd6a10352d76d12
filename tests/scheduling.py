"""In which order xdist's workers take the files of a run, so that they end together.

Most of the tests that boot or dial something wait, and those of tests/unit compute: both kinds take turns, so
that the cores are busy while others wait, and the last ones are short. A page of docs/ is by itself what a whole file
is elsewhere. With ``--dist loadfile``; what is in one file still runs in one worker, in its order.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

_COMPUTING = ("tests/unit/", "tests/architecture/", "tests/golden/")
#: The longest waits, which must not begin last, and whose tests share nothing.
_FIRST = "tests/docs/"
#: The part of the queue over which what waits is spread.
_SPREAD = 0.85


class TurnTaking(LoadFileScheduling):
    """xdist's own scheduling by files, with scopes and an order of ours."""

    def _split_scope(self, nodeid: str) -> str:
        return nodeid if nodeid.startswith(_FIRST) else str(super()._split_scope(nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Any:
    """Ours for ``--dist loadfile``; any other distribution is what xdist says."""
    if config.getvalue("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False  # by the number of tests, which says nothing of their length here
    return TurnTaking(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the files of a worker of xdist in the order in which they are handed out."""
    if hasattr(config, "workerinput"):
        files = list(dict.fromkeys(item.nodeid.split("::")[0] for item in items))
        place = {file: number for number, file in enumerate(in_turns(files))}
        items.sort(key=lambda item: place[item.nodeid.split("::")[0]])


def in_turns(files: Sequence[str]) -> list[str]:
    """The same files: docs/ first, then those that wait and those that compute by turns, each kind in its order."""
    first = [file for file in files if file.startswith(_FIRST)]
    computing = [file for file in files if file.startswith(_COMPUTING)]
    waiting = [file for file in files if not file.startswith((_FIRST, *_COMPUTING))]
    rest = [*_spread(waiting, _SPREAD), *_spread(computing, 1.0)]
    return first + [file for _, file in sorted(rest, key=lambda placed: placed[0])]


def _spread(files: Sequence[str], until: float) -> Iterator[tuple[float, str]]:
    return ((until * number / len(files), file) for number, file in enumerate(files))
