"""What a case is, and how one is played: strike at a moment, see that it struck, cure, and let the routers judge."""

import json
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.faults.routers.pair import (
    ENDED,
    KEYS,
    NAMES,
    RC,
    SETTINGS,
    TIMEOUT,
    Pair,
    Router,
    State,
    run_at_once,
)
from tests.waiting import wait_until

#: Seconds that a command may take on a machine that others use too.
ONE_COMMAND = 300
#: Seconds that a router may need to be as it was, once nothing keeps it from that: BGP and OSPF come up again.
SETTLING = 60

Action = Callable[[Router], object]


@dataclass(frozen=True)
class End:
    """One way in which a deploy may end: the exit code, each router's word, and what r1's error says."""

    code: int
    r1: str
    r2: str
    error: str = ""


@dataclass(frozen=True)
class Case:
    """One fault on r1 while both routers get a new description on their link.

    ``strike`` returns what shows that the fault is there; ``fired`` is asked for more before ``cure``.
    Moments: before · armed (r1 is being changed) · pending (r1 waits for confirmation), or what netmgr says just then,
    which is held still meanwhile. ``until``: end (of the command) · back (r1 has ended its commit) · a number of
    seconds.
    """

    name: str
    strike: Action
    ends: tuple[End, ...]
    at: str = "before"
    fired: Action = lambda _: True
    cure: Action = lambda _: None
    until: str | float = "end"
    then: End | None = None
    """How `recover` ends it, where it was in doubt."""
    timer: int = 90
    timeout: int = 30
    quick: bool = False


@dataclass(frozen=True)
class Play:
    """A case that is no deploy with a fault in it: a function that plays and judges."""

    name: str
    act: Callable[[Pair], None]
    ends: str
    """How it ends, in words."""
    quick: bool = False


@dataclass(frozen=True)
class Elsewhere:
    """A case that is a test of another directory, which `make faults` runs too."""

    name: str
    test: str
    """Path and name of the test, from the project's root."""


class Struck:
    """A fault in its own thread, so that it comes while the command runs."""

    def __init__(self, case: Case, router: Router) -> None:
        self._case, self._router = case, router
        self._ended = threading.Event()
        self.problem: BaseException | None = None
        self._thread = threading.Thread(target=self._watched)

    def begin(self) -> None:
        if self._case.at == "before":
            self._strike()
        if self._case.at in ("before", "armed", "pending"):
            self._thread.start()

    def meet(self, process: subprocess.Popen[str], line: str) -> None:
        """The command has said something: is it the moment?"""
        if self._case.at.endswith(":") and line.startswith(self._case.at) and not self._thread.ident:
            process.send_signal(signal.SIGSTOP)
            try:
                self._strike()
            finally:
                process.send_signal(signal.SIGCONT)
            self._thread.start()

    def over(self) -> None:
        """The command has ended: so does the fault."""
        self._ended.set()
        assert self._thread.ident, f"the moment {self._case.at!r} never came"
        self._thread.join(timeout=SETTLING)
        assert not self._thread.is_alive(), "the fault was not cured"
        if self.problem:
            raise self.problem

    def _watched(self) -> None:
        try:
            self._live()
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that judges
            self.problem = error

    def _live(self) -> None:
        case, router = self._case, self._router
        if case.at in ("armed", "pending"):
            moments = ("pending",) if case.at == "pending" else ("armed", "applying", "pending")
            while router.commit() not in moments:
                assert router.commit() not in ENDED, f"the moment {case.at!r} has passed"
                assert not self._ended.is_set(), f"the moment {case.at!r} never came"
                time.sleep(0.001)
            self._strike()
        if case.until == "end":
            self._ended.wait()
        elif case.until == "back":
            wait_until(lambda: router.commit() in ENDED, seconds=case.timer + SETTLING)
        else:
            self._ended.wait(float(case.until))
        assert case.fired(router), "nothing shows that the fault fired"
        case.cure(router)

    def _strike(self) -> None:
        assert self._case.strike(self._router), "the fault did not strike"


def play(case: Case, pair: Pair) -> None:
    """One case from end to end."""
    r1 = pair.routers["r1"]
    before = pair.state()
    journals = {name: len(router.journal()) for name, router in pair.routers.items()}
    with pair.renamed() as (old, new), pair.edited(TIMEOUT, f"timeout: {case.timeout}", SETTINGS):
        after = {
            name: State(
                state.running.replace(old, new),
                pair.running(name).replace(old, new).partition("Current configuration:\n!\n")[2],
                state.kernel,
            )
            for name, state in before.items()
        }
        document, code = deploy(case, pair, r1)
    words = {device["device"]: device["outcome"] for device in document["devices"]}
    found = End(code, words.get("r1", "?"), words.get("r2", "?"))
    error = next((d["error"] or "" for d in document["devices"] if d["device"] == "r1"), "")
    allowed = {(end.code, end.r1, end.r2): end for end in case.ends}
    assert (found.code, found.r1, found.r2) in allowed, f"{document['devices']}\n{document['checks']}"
    end = allowed[found.code, found.r1, found.r2]
    assert end.error in error, error
    assert "\n" not in error
    if "in_doubt" in words.values():
        assert case.then, "a case that ends in doubt says how recover ends it"
        changes = pair.document("recover", code=case.then.code)["changes"]
        recovered = next(each for each in changes if each["change"] == document["change"])
        words = {device["device"]: device["outcome"] for device in recovered["devices"]}
        assert (words["r1"], words["r2"]) == (case.then.r1, case.then.r2)
    judge(pair, words, before, after)
    applied = [name for name, word in words.items() if word == "applied"]
    _one_word_each(pair, document["change"], words)
    for name, router in pair.routers.items():
        armed = [
            entry
            for entry in router.journal()[journals[name] :]
            if entry["event"] == "armed" and entry["change"] == document["change"]
        ]
        assert len(armed) <= 1, f"{name} was committed more than once: {armed}"
    if applied:
        pair.keep()
        if len(applied) < len(NAMES):
            pair.deploy("-m", "the rest")


def deploy(case: Case, pair: Pair, r1: Router) -> tuple[dict[str, Any], int]:
    """Deploy while the fault is there; the document and the exit code."""
    for router in pair.routers.values():
        router.forget()
        router.proxy.calm()
    struck = Struck(case, r1)
    said: list[str] = []
    words = ("deploy", "--yes", "-m", "a case", "--confirm-in", str(case.timer), "-o", "json")
    struck.begin()
    process = run_at_once(pair.command(*words), pair.environment())

    def listen() -> None:
        assert process.stderr
        for line in process.stderr:
            said.append(line)
            struck.meet(process, line)

    listener = threading.Thread(target=listen)
    listener.start()
    limit = threading.Timer(ONE_COMMAND, process.kill)
    limit.start()
    with process:
        assert process.stdout
        out = process.stdout.read()
        listener.join()
    limit.cancel()
    code = process.returncode
    try:
        struck.over()
    except AssertionError as error:
        raise AssertionError(f"{error}\n{code}\n{out}\n{''.join(said)}") from error
    assert "Traceback" not in "".join(said), "".join(said)
    assert out, "".join(said)
    return json.loads(out), code


def judge(pair: Pair, words: dict[str, str], before: dict[str, State], after: dict[str, State]) -> None:
    """Each router reads as its word says: configuration, startup file, and what its kernel has."""
    for name, router in pair.routers.items():
        word = words[name]
        assert word in ("applied", "rolled_back", "failed", "refused", "unchanged"), f"{name}: {word}"
        wanted = after[name] if word == "applied" else before[name]
        state = router.state()
        assert state.running == wanted.running, f"{name} is said to be {word} and does not read so"
        assert state.startup == wanted.startup, f"{name} is said to be {word} and would not boot so"
        wait_until(
            lambda router=router, wanted=wanted: router.state().kernel == wanted.kernel,
            seconds=SETTLING,
            every=0.3,
        )


def _one_word_each(pair: Pair, change: str, words: dict[str, str]) -> None:
    """The log's last word on each router is the one that was told, and no later entry says otherwise."""
    logged = {
        entry["device"]: entry["outcome"]
        for entry in pair.entries()
        if entry.get("change") == change and entry["phase"] == "result" and "device" in entry
    }
    assert {name: logged[name] for name in words} == words


def left_clean(pair: Pair, before: dict[str, State], number: int) -> None:
    """A case leaves nothing behind, and both routers as the inventory intends them."""
    assert _dirt(pair) == []
    pair.settled()
    renamed = (f"description link {number}\n", f"description link {pair.number}\n")
    for name, state in pair.state().items():
        assert state.running == before[name].running.replace(*renamed), f"{name}: the case left something"
        assert state.startup == before[name].startup.replace(*renamed), f"{name}: the case left something"
        assert state.kernel == before[name].kernel, f"{name}: the case left something"


def _dirt(pair: Pair) -> list[str]:
    """What a case has left behind on the routers."""
    left = []
    for name, router in pair.routers.items():
        left += [f"{name}: {process} is stopped" for process in router.stopped()]
        if router.packets.filtered():
            left.append(f"{name}: packets are filtered")
        if not (router.root / KEYS).read_text() or (router.root / RC).exists():
            left.append(f"{name}: its logins are not as usual")
        if not router.processes("sshd"):
            left.append(f"{name}: no sshd")
        if router.commit() not in ("none", *ENDED):
            left.append(f"{name}: a commit is {router.commit()}")
        if (router.root / "etc/frr/filler").exists():
            left.append(f"{name}: its disk is full")
    return left
