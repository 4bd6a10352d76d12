"""How one of four devices fails, phase by phase, and what the network must be after it: all old or all new."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from netmgr.change.timing import reserve
from netmgr.lab.emulated.device import digest
from netmgr.model.change import DeployResult
from tests.faults.eight import STRIKE
from tests.faults.four import DEVICES, EMULATED, EXPIRE, ROUTER, TIMER, Four
from tests.waiting import wait_until

#: What each emulated device is told in a phase.
LOAD = {
    "eos": r"ip route 198\.51\.100\..*",
    "ios": r"scp netmgr-load-\S+",
    "junos": "load-configuration .*configuration-set",
}
COMMIT = {
    "eos": r"configure session netmgr-\S+ commit timer \S+",
    "ios": "configure replace .*",
    "junos": "commit-configuration .*confirmed.*",
}
CONFIRM = {
    "eos": r"configure session netmgr-\S+ commit",
    "ios": "configure confirm",
    "junos": "commit-configuration check",
}
#: What it says where it did it, with ``{}`` for what a command of the protocol needs beside it.
SAYS = {"ios": "Total number of passes: 1\nRollback Done\n"}

READ_ONLY = "mount -o remount,bind,ro,nodev /etc/frr && touch /run/struck"
WRITABLE = "mount -o remount,bind,rw,nodev /etc/frr"

#: What the watcher says by itself once every device has answered.
COMMITTED = "all have committed"

Act = Callable[[Four, str], None]
"""Done to a device."""


@dataclass(frozen=True)
class Phase:
    """``acts`` are done once each, when netmgr says something that begins with the words; "" is before it begins.

    ``ends`` is what the network must be afterwards; a device for which it is another is in ``but``.
    """

    ends: str
    acts: tuple[tuple[str, Act], ...]
    but: Mapping[str, str] = field(default_factory=dict)

    def end(self, device: str) -> str:
        """The end after this device's failure."""
        return self.but.get(device, self.ends)


def emulated(at: Mapping[str, str], what: str, **more: Any) -> Act:
    """A fault that waits for an emulated device's command."""

    def act(four: Four, name: str) -> None:
        if name != ROUTER:
            platform = DEVICES[name]
            text = {"text": SAYS[platform]} if what == "ignore" and platform in SAYS else {}
            four.fault(name, at[platform], what, **more, **text)

    return act


def router(script: str, moment: str = "") -> Act:
    """A script on the router, now or in the moment that it waits for there."""

    def act(four: Four, name: str) -> None:
        if name == ROUTER and moment:
            four.lie_in_wait(moment, script)
        elif name == ROUTER:
            four.on(script)

    return act


def bad_line(four: Four, name: str) -> None:
    """What is intended for the router has a line that it does not know."""
    if name == ROUTER:
        four.intend((four.number + 1) % 250, bad=True)
        four.on("touch /run/struck")


def hurry(four: Four, _name: str) -> None:
    """The time that the checks had is over, by netmgr's clock; that of the timers is not."""
    four.clock.reach(four.committing + TIMER - reserve(len(DEVICES)) / 2 + 1)


def hurry_for_router(four: Four, name: str) -> None:
    """The same, if it is the router that fails."""
    if name == ROUTER:
        hurry(four, name)


PHASES: dict[str, Phase] = {
    "load: a line is refused": Phase("old", (("", bad_line), ("", emulated(LOAD, "reject")))),
    "load: no connection": Phase("old", (("load", Four.bar),)),
    "commit: refused": Phase(
        "old",
        (
            ("commit", router(READ_ONLY)),
            ("abort: waiting", router(WRITABLE)),
            ("", emulated(COMMIT, "reject")),
        ),
    ),
    "commit: the answer is lost": Phase(
        "new",
        (
            ("commit", router(STRIKE, "commit")),
            ("check", hurry_for_router),
            ("abort: waiting", Four.mend),
            ("", emulated(COMMIT, "lost")),
        ),
        but={ROUTER: "old"},
    ),
    "check: it went back by itself": Phase(
        "old", (("commit", router(EXPIRE, "pending")), ("", emulated(COMMIT, "revert")), ("check", hurry))
    ),
    "check: no new login": Phase(
        "old", ((COMMITTED, Four.bar), ("check", hurry), ("abort: waiting", Four.mend))
    ),
    "confirm: the order is lost": Phase(
        "new",
        (
            ("decision: confirm", router(STRIKE)),
            ("confirm: waiting", Four.mend),
            ("", emulated(CONFIRM, "cut")),
        ),
    ),
    "confirm: the answer is lost": Phase(
        "new",
        (
            ("commit", router(STRIKE, "confirm")),
            ("confirm: waiting", Four.mend),
            ("", emulated(CONFIRM, "lost")),
        ),
    ),
    "confirm: the timer ends before it": Phase(
        "old", (("decision: confirm", router(EXPIRE)), ("", emulated(CONFIRM, "expire")))
    ),
    "confirm: away until the timer ends": Phase(
        "old",
        (("decision: confirm", Four.bar), ("confirm: waiting", Four.expire), ("confirm: waiting", Four.mend)),
    ),
}


class Watcher:
    """A progress that does a phase's acts to a device; netmgr stands still meanwhile. ``said`` is all that it said."""

    def __init__(self, four: Four, phase: Phase, device: str) -> None:
        self._four, self._device, self._left = four, device, list(phase.acts)
        self.said: list[str] = []
        self("")

    def __call__(self, message: str) -> None:
        """A phase begins."""
        self.said.append(message)
        if message.startswith("commit"):
            self._four.committing = self._four.clock.monotonic()
        due = [act for words, act in self._left if (message.startswith(words) if words else not message)]
        self._left = [each for each in self._left if each[1] not in due]
        for act in due:
            act(self._four, self._device)

    def step(self, done: int, total: int) -> None:
        """The last answer of all to their commits is something that can be waited for, too."""
        if done == total and self.said[-1].startswith("commit"):
            self(COMMITTED)


@dataclass(frozen=True)
class Played:
    """``end`` is what the network was after it, in words; ``said`` is what netmgr said."""

    end: str
    result: DeployResult
    said: list[str]


def play(four: Four, phase: str, device: str) -> Played:
    """One change in which the device fails so. It has failed, or this fails."""
    before, old, new = four.reads(), four.number, (four.number + 1) % 250
    planned = {name: text.replace(f"198.51.100.{old}", f"198.51.100.{new}") for name, text in before.items()}
    four.intend(new)
    four.on("rm -f /run/struck")
    watcher = Watcher(four, PHASES[phase], device)
    try:
        result = four.deploy(watcher)
    finally:
        for name in DEVICES:
            four.mend(name)
        four.on(f"{WRITABLE}; rm -f /run/struck.seen; mv /run/struck /run/struck.seen || true")
    assert struck(four, device), f"{phase}: nothing happened to {device}: {result}"
    after = four.reads()
    word = "all old" if after == before else "all new" if after == planned else f"mixed: {after}"
    if word == "all new":
        four.number = new
    return Played(word, result, watcher.said)


def struck(four: Four, device: str) -> bool:
    """Whether the fault happened, by the device's own word."""
    if device == ROUTER:
        return bool(four.on("ls /run/struck.seen 2>/dev/null || true").strip())
    return any(entry["event"] == "fault" or entry.get("why") == "expired" for entry in four.journal(device))


def check_nothing_is_left(four: Four, compensated: bool) -> None:
    """Journals, what would boot, the router's kernel: each as what runs says, and nothing was committed twice."""
    assert four.boots() == four.reads()
    for name in EMULATED:
        assert four.runs(name) == digest(four.control.ask("running", name))
        assert [entry["event"] for entry in four.journal(name)].count("armed") <= 1 + compensated
    wait_until(lambda: four.routes() == [str(four.number)], seconds=20)
