"""The product has no setting that moves its clock: it has one, which takes no orders, and nothing reads another."""

import ast
import inspect
import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

import netmgr.adapters.system_clock as module
from netmgr.adapters.system_clock import SystemClock
from netmgr.ports.clock import Clock

ROOT = Path(__file__).parents[2]
CLOCK = "netmgr/adapters/system_clock.py"
#: What tells the time of day, by the last word before the dot. (A monotonic clock tells none.)
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
#: Whoever tells the time, or hands a clock on, writes one of these words.
WORDS = re.compile(r"[Cc]lock|\btime\b|\bdatetime\b|\bdate\b")
#: Devices of the lab and the program on a router have clocks of their own; no decision of netmgr's is made by them.
OTHERS = ("netmgr/lab/", "napalm_frr/device/")
METHODS = {name for name, _ in inspect.getmembers(Clock, inspect.isfunction) if not name.startswith("_")}


def found_in(node):
    """What the node has to do with clocks, as (sort, words)."""
    match node:
        case ast.Attribute(value=ast.Name(id=owner) | ast.Attribute(attr=owner), attr=word):
            if word in WALL.get(owner, ()):
                yield "told", f"{owner}.{word}"
        case ast.ImportFrom(module="time"):
            yield from (("told", f"time.{alias.name}") for alias in node.names if alias.name in WALL["time"])
        case ast.Call(func=ast.Name(id="SystemClock")):
            yield "made", ast.unparse(node)
        case ast.ClassDef(body=body):
            if {inner.name for inner in body if isinstance(inner, ast.FunctionDef)} >= METHODS:
                yield "class", node.name
        case ast.Assign(targets=targets):
            if any(isinstance(target, ast.Attribute) and target.attr == "clock" for target in targets):
                yield "set", ast.unparse(node)
        case ast.keyword(arg="clock" | "_clock"):
            yield "handed on", ast.unparse(node.value)


@pytest.fixture(scope="module")
def found():
    """(file, sort, words) of the whole product."""
    return sorted(
        (name, *said)
        for package in ("netmgr", "napalm_frr")
        for path in (ROOT / package).rglob("*.py")
        for name, text in ((path.relative_to(ROOT).as_posix(), path.read_text()),)
        if WORDS.search(text)
        for node in ast.walk(ast.parse(text))
        for said in found_in(node)
    )


def of_sort(found, sort):
    return [(name, words) for name, kind, words in found if kind == sort]


def test_nothing_but_the_clock_tells_the_time(found):
    told = [(name, words) for name, words in of_sort(found, "told") if not name.startswith(OTHERS)]
    assert told == [(CLOCK, "datetime.now"), (CLOCK, "time.time_ns")]


def test_there_is_one_clock_and_it_is_made_without_a_word(found):
    assert of_sort(found, "class") == [(CLOCK, "SystemClock"), ("netmgr/ports/clock.py", "Clock")]
    assert of_sort(found, "made") == [
        ("netmgr/conformance/driver_laws.py", "SystemClock()"),
        ("netmgr/wiring.py", "SystemClock()"),
    ]
    assert SystemClock.__init__ is object.__init__


def test_nobody_puts_another_in_its_place(found):
    """What is called ``clock`` is set where the wiring makes it, and handed on as it is."""
    assert of_sort(found, "set") == [("netmgr/wiring.py", "self.clock = SystemClock()")]
    assert {words for _, words in of_sort(found, "handed on")} == {"clock", "self.clock"}


def test_it_says_what_the_system_says_whatever_the_environment(monkeypatch):
    assert "datetime.now(UTC)\n" in inspect.getsource(SystemClock.now)
    assert "environ" not in inspect.getsource(module)
    imported = {name for name in vars(module) if not name.startswith("__")}
    assert imported == {"SystemClock", "UTC", "UUID", "datetime", "os", "time"}
    for name in ("NETMGR_NOW", "NETMGR_TIME", "NETMGR_CLOCK", "NETMGR_DATE", "SOURCE_DATE_EPOCH"):
        monkeypatch.setitem(os.environ, name, "981173106")
    monkeypatch.setitem(os.environ, "TZ", "Asia/Shanghai")
    before = datetime.now(UTC)
    assert before <= SystemClock().now() <= datetime.now(UTC)
