"""The plug-in of docs/reference/notify.md, installed as its page says."""

import json
import re
import sys
from pathlib import Path

import pytest

from netmgr.adapters.carriers import carriers
from netmgr.adapters.notify_yaml import YamlNotify
from netmgr.errors import InputError
from netmgr.ports.carrier import Message, NotDeliveredError
from tests.clock import ManualClock

PAGE = Path(__file__).parents[2] / "docs/reference/notify.md"


def block(language):
    text = PAGE.read_text().split("## Ways of your own")[1]
    return re.search(rf"```{language}\n(.*?)```", text, re.DOTALL)[1]


@pytest.fixture
def spool(tmp_path, monkeypatch):
    site, metadata = tmp_path / "site", tmp_path / "site/spool-1.dist-info"
    metadata.mkdir(parents=True)
    (site / "spool.py").write_text(block("python"))
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: spool\nVersion: 1\n")
    group = block("toml").replace("[project.entry-points.", "[").replace('"', "")
    (metadata / "entry_points.txt").write_text(group)
    monkeypatch.syspath_prepend(str(site))
    directory = tmp_path / "pager"
    directory.mkdir()
    (tmp_path / "config").mkdir()
    text = block("yaml").replace("/var/spool/pager", str(directory))
    (tmp_path / "config/notify.yaml").write_text(text)
    yield tmp_path
    sys.modules.pop("spool", None)


def sent(root, **changes):
    settings = YamlNotify(root, tuple).settings()
    clock = ManualClock()
    ways = carriers(settings, secret=str, workspace=root, clock=clock)
    known = {"id": "n-1", "recipient": "notifier:pager", "created": clock.now(), "subject": "s", "text": "t"}
    ways["notifier"].send(Message(**known | {"payload": b'{"type":"change.failed"}'} | changes))


def test_it_is_told_by_what_the_package_brings(spool):
    for _ in range(2):
        sent(spool)
    (file,) = (spool / "pager").iterdir()
    assert (file.name, json.loads(file.read_text())) == ("n-1.json", {"type": "change.failed"})


def test_what_it_raises_means_that_nothing_was_taken(spool):
    (spool / "pager").rmdir()
    with pytest.raises(
        NotDeliveredError, match=r"^notifier pager: FileNotFoundError: No such file or directory$"
    ):
        sent(spool)


WRONG = {
    "options": (
        "options: {directory: ",
        "options: {folder: ",
        "2: notifiers.pager: options: needs directory; ",
    ),
    "kind": (
        "kind: spool",
        "kind: spol",
        "no installed package brings a notifier spol; did you mean 'spool'?",
    ),
    "name": (
        "notifier:pager",
        "notifier:pagr",
        "1: rules: no notifier 'pagr' under notifiers; write it there",
    ),
}


@pytest.mark.parametrize(("old", "new", "problem"), WRONG.values(), ids=WRONG)
def test_a_mistake_is_named_with_its_line(spool, old, new, problem):
    path = spool / "config/notify.yaml"
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(InputError) as error:
        YamlNotify(spool, tuple).settings()
    assert len(error.value.problems) == 1
    assert problem in error.value.problems[0]


def test_a_package_that_cannot_be_loaded_is_named(spool):
    (spool / "site/spool.py").write_text("raise RuntimeError('no licence')\n")
    sys.modules.pop("spool", None)
    with pytest.raises(InputError, match="spool cannot be loaded: RuntimeError: no licence; mend it"):
        YamlNotify(spool, tuple).settings()
