"""The product has no setting that moves its clock: it has one, which takes no orders, and nothing reads another."""

import ast
import inspect
import os
from datetime import UTC, datetime
from pathlib import Path

import netmgr.adapters.system_clock as module
from netmgr.adapters.system_clock import SystemClock
from netmgr.ports.clock import Clock

ROOT = Path(__file__).parents[2]
TREES = {
    str(path.relative_to(ROOT)): ast.parse(path.read_text())
    for package in ("netmgr", "napalm_frr")
    for path in (ROOT / package).rglob("*.py")
}
#: What tells the time of day, as a name or at the end of a dotted one. (A monotonic clock tells none.)
WALL = {
    "datetime": {"now", "utcnow", "today", "fromtimestamp"},
    "date": {"today", "fromtimestamp"},
    "time": {
        "time",
        "time_ns",
        "gmtime",
        "localtime",
        "ctime",
        "strftime",
        "clock_gettime",
        "clock_gettime_ns",
    },
}
#: Devices of the lab and the program on a router have clocks of their own; no decision of netmgr's is made by them.
OTHERS = ("netmgr/lab/", "napalm_frr/device/")


def reads(tree):
    """Dotted names in it that tell the time of day, and such names as are imported from where they are."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = ast.unparse(node.value).split(".")[-1]
            if node.attr in WALL.get(owner, ()):
                yield f"{owner}.{node.attr}"
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            yield from (f"time.{alias.name}" for alias in node.names if alias.name in WALL["time"])


def calls(tree, name):
    return [ast.unparse(n) for n in ast.walk(tree) if isinstance(n, ast.Call) and ast.unparse(n.func) == name]


def test_nothing_but_the_clock_tells_the_time():
    found = {name: sorted(reads(tree)) for name, tree in TREES.items() if not name.startswith(OTHERS)}
    assert {name: told for name, told in found.items() if told} == {
        "netmgr/adapters/system_clock.py": ["datetime.now", "time.time_ns"]
    }


def test_there_is_one_clock_and_it_is_made_without_a_word():
    methods = {name for name, _ in inspect.getmembers(Clock, inspect.isfunction) if not name.startswith("_")}
    clocks = [
        (name, node.name)
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        and methods <= {inner.name for inner in node.body if isinstance(inner, ast.FunctionDef)}
    ]
    assert sorted(clocks) == [
        ("netmgr/adapters/system_clock.py", "SystemClock"),
        ("netmgr/ports/clock.py", "Clock"),
    ]
    made = {name: calls(tree, "SystemClock") for name, tree in TREES.items()}
    assert {name: how for name, how in made.items() if how} == {
        "netmgr/conformance/driver_laws.py": ["SystemClock()"],
        "netmgr/wiring.py": ["SystemClock()"],
    }
    assert SystemClock.__init__ is object.__init__
    assert calls(TREES["netmgr/adapters/system_clock.py"], "datetime.now") == ["datetime.now(UTC)"]
    assert {name for name in vars(module) if not name.startswith("__")} == {
        *("SystemClock", "UTC", "UUID", "datetime", "os", "time")
    }


def test_nobody_puts_another_in_its_place():
    """What is called ``clock`` is set where the wiring makes it, and handed on as it is."""
    nodes = [(name, node) for name, tree in TREES.items() for node in ast.walk(tree)]
    set_ = [
        (name, ast.unparse(node))
        for name, node in nodes
        if isinstance(node, ast.Assign) and any(ast.unparse(t).endswith(".clock") for t in node.targets)
    ]
    handed = {
        ast.unparse(n.value) for _, n in nodes if isinstance(n, ast.keyword) and n.arg in ("clock", "_clock")
    }
    assert set_ == [("netmgr/wiring.py", "self.clock = SystemClock()")]
    assert handed == {"clock", "self.clock"}


def test_it_says_what_the_system_says_whatever_the_environment(monkeypatch):
    source = inspect.getsource(module)
    assert "environ" not in source
    for name in ("NETMGR_NOW", "NETMGR_TIME", "NETMGR_CLOCK", "NETMGR_DATE", "SOURCE_DATE_EPOCH", "TZ"):
        monkeypatch.setitem(os.environ, name, "Asia/Shanghai" if name == "TZ" else "981173106")
    before = datetime.now(UTC)
    assert before <= SystemClock().now() <= datetime.now(UTC)
