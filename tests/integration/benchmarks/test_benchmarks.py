"""The benchmarks that need no routers run, and say what the page needs; their figures are not judged here."""

import pytest

from benchmarks import command_line, earlier, intent
from benchmarks.__main__ import BEGIN, BENCHMARKS, END, PAGE
from benchmarks.figures import Contender, Work


def test_a_table_has_medians_and_the_cpu_of_each_device():
    one = Contender("netmgr", "all of it", [3.0, 1.0, 2.0], [0.5, 0.25, 0.3])
    other = Contender("a peer", "less", [12345.6])
    assert Work("Work", "wall s", "≤ 3 s", [one, other], devices=10).table() == (
        "### Work\n\nnetmgr must reach: ≤ 3 s.\n\n"
        "| | wall s | CPU ms a device | n | what it does |\n|---|---:|---:|---:|---|\n"
        "| netmgr | 2 | 30 | 3 | all of it |\n| a peer | 12,346 | | 1 | less |\n"
    )


@pytest.mark.parametrize(
    ("work", "names"),
    [
        (lambda: command_line.measured(1), ["`netmgr --help`", "`import napalm`", "argparse"]),
        (lambda: intent.measured(5, 1), ["netmgr render", "of it, the start"]),
        (lambda: earlier.of_drift(100), ["netmgr", "difflib", "comparing lists"]),
    ],
    ids=["command line", "intent", "drift"],
)
def test_it_runs_and_measures_every_contender(work, names):
    found = work()[0].contenders
    assert [one.name for one in found] == names
    assert all(one.values and one.median > 0 for one in found)


def test_the_page_has_a_place_for_the_figures():
    page = PAGE.read_text()
    assert (page.count(BEGIN), page.count(END)) == (1, 1)


def test_the_modules_of_the_directory_are_all_run():
    directory = PAGE.parent.parent / "benchmarks"
    parts = {"__main__", "earlier", "figures", "routers"}
    assert {path.stem for path in directory.glob("*.py")} - parts == set(BENCHMARKS)
