"""The benchmarks run, and say what the page needs; their figures are not judged here."""

import sys

import pytest

from benchmarks import command_line, earlier, fetch, intent, sla, transaction
from benchmarks.__main__ import BEGIN, BENCHMARKS, END, PAGE, machine, main, with_tables
from benchmarks.at_work import ORDERS, Record, covered
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
        (lambda: sla.measured(200, 1), ["netmgr", "day by day", "bisections"]),
    ],
    ids=["command line", "intent", "drift", "sla"],
)
def test_it_runs_and_measures_every_contender(work, names):
    found = work()[0].contenders
    assert [one.name for one in found] == names
    assert all(one.values and one.median > 0 for one in found)


def test_configurations_are_fetched_from_emulated_devices():
    at_once, late = fetch.measured(2, 2, 1)
    for work in (at_once, late):
        measured = {one.name.partition(",")[0] for one in work.contenders if one.values}
        assert measured >= {"netmgr", "asyncssh"}
    # Three commands after another, each answered late.
    assert late.contenders[0].median > 3 * fetch.MILLISECONDS / 1000


@pytest.mark.lab
def test_a_change_on_routers_is_taken_apart():
    run, overhead = transaction.measured(2, 1)
    wall, working, committing, waiting, *others = (one.median for one in run.contenders)
    assert wall > working > committing > 0 <= waiting
    assert len(others) == 2
    share, most, strict = (one.median for one in overhead.contenders)
    assert strict == pytest.approx(100 * (1 - committing / wall))
    assert share == pytest.approx(100 * (1 - working / wall))
    assert share < most <= 100


@pytest.mark.parametrize(
    ("spans", "seconds"),
    [
        ([], 0),
        ([(1, 2), (4, 6)], 3),
        ([(4, 6), (1, 5)], 5),
        ([(1, 9), (2, 3)], 8),
        ([(-5, 1), (9, 20)], 2),
        ([(-5, -1), (11, 20)], 0),
        ([(-5, 20)], 10),
    ],
)
def test_time_is_covered_once_and_only_inside_the_run(spans, seconds):
    assert covered(spans, 0, 10) == seconds


def test_the_orders_of_a_commit_are_told_from_questions():
    record = Record([("login", (0, 2)), ("commit", (2, 5)), ("status", (4, 6)), ("confirm", (8, 9))])
    assert (record.time(0, 10), record.time(0, 10, ORDERS)) == (7, 4)
    assert (record.count("login"), record.count("fence")) == (1, 0)


def test_one_that_is_unknown_is_named(monkeypatch):
    before = PAGE.read_text()
    monkeypatch.setattr(sys, "argv", ["benchmarks", "--write", "drfit"])
    with pytest.raises(SystemExit) as stopped:
        main()
    said = f"drfit: no such benchmark; there are {', '.join(BENCHMARKS)}"
    assert (stopped.value.code, PAGE.read_text()) == (said, before)


def test_tables_are_replaced_alone_and_stand_in_their_order():
    page = f"head\n{BEGIN}\n<!-- intent -->\n\nold intent\n\n<!-- render -->\n\nold render\n\n{END}tail\n"
    said = with_tables(page, {"render": "\nnew render\n", "inventory": "new inventory\n"})
    assert said == (
        f"head\n{BEGIN}\n<!-- inventory -->\n\nnew inventory\n\n<!-- intent -->\n\nold intent\n\n"
        f"<!-- render -->\n\nnew render\n\n{END}tail\n"
    )
    assert with_tables(PAGE.read_text(), {}) == PAGE.read_text()


def test_what_ran_is_written(monkeypatch, tmp_path):
    page = tmp_path / "performance.md"
    page.write_text(f"{BEGIN}{END}")
    monkeypatch.setattr("benchmarks.__main__.PAGE", page)
    monkeypatch.setitem(BENCHMARKS, "drift", (lambda: [Work("W", "s", "1", [])], list))
    monkeypatch.setattr(sys, "argv", ["benchmarks", "--write", "drift"])
    main()
    table = Work("W", "s", "1", []).table()
    assert page.read_text() == f"{BEGIN}\n<!-- drift -->\n\n{machine()}\n{table}\n{END}"


def test_the_modules_of_the_directory_are_all_run():
    directory = PAGE.parent.parent / "benchmarks"
    parts = {"__main__", "at_work", "clock", "earlier", "figures", "ios_farm", "routers"}
    assert {path.stem for path in directory.glob("*.py")} - parts == set(BENCHMARKS)
