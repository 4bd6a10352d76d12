"""Eight real routers in a ring; one of them fails in one phase of a change of all, and vtysh and kernel tell the end.

Who fails is struck on the router itself, by a process that waits there for the commit to have come so far, or by the
test, while netmgr is stopped. The change is another static route on every router, so that the kernel shows it as well.
"""

import json
import shlex
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.integration.change.ring import NAMES, inventory
from tests.lab.site import ROOT, Site
from tests.waiting import wait_until

TIMER = 36
LIMIT = 240  # seconds that one change may take on a slow machine

#: Nobody can log in until it is mended; and every session ends.
BAR = "mount --bind /dev/null /root/.ssh/authorized_keys && touch /run/struck"
STRIKE = f"{BAR}; pkill -KILL -f '^sshd: admin'; :"
MEND = "until ! umount /root/.ssh/authorized_keys 2>/dev/null; do :; done"
_RECORD = "/run/netmgr-frr/$(cat /run/netmgr-frr/active).record"


def _state(word: str) -> str:
    return f'"state": "{word}"'


#: On the router: until a commit has begun, until it waits for its confirmation, until that has begun.
IN = {
    "commit": f"""until grep -Eqs '"state": "(armed|applying|pending)"' {_RECORD}; do :; done""",
    "pending": f"until grep -qs '{_state('pending')}' {_RECORD}; do :; done",
    "confirm": f"until grep -qs '{_state('pending')}' {_RECORD}; do :; done;"
    f""" until grep -qs '"confirming": true' {_RECORD}; do :; done""",
}


@dataclass
class Eight:
    """The site, and the number in the static route that everybody has now."""

    site: Site
    number: int = 0

    def intend(self, number: int) -> None:
        """The route that everybody shall have."""
        data = f"data: {{static_routes: [{{prefix: 198.51.100.{number}/32, discard: true}}]}}\n"
        path = self.site.workspace / f"inventory/{self.site.client}/defaults.yaml"
        path.write_text(f"platform: frr\n{data}")

    def reads(self) -> dict[str, tuple[str, str]]:
        """Router → the routes that vtysh's configuration and the kernel hold."""
        script = (
            "vtysh -c 'show running-config' | sed -n 's/^ip route 198.51.100.\\([0-9]*\\).*/\\1/p'; echo /;"
            " ip route show table all | sed -n 's/^blackhole 198.51.100.\\([0-9]*\\).*/\\1/p'"
        )
        answers = {name: self.site.console(name, "sh", "-c", script).split("/") for name in NAMES}
        return {name: (" ".join(a.split()), " ".join(b.split())) for name, (a, b) in answers.items()}

    def agreed(self) -> dict[str, tuple[str, str]]:
        """The same, once kernel and configuration agree, which they must soon."""
        with suppress(AssertionError):
            wait_until(lambda: all(a == b for a, b in self.reads().values()), seconds=20, every=1)
        return self.reads()


@contextmanager
def eight(workspace: Path) -> Iterator[Eight]:
    """The lab, booted and deployed."""
    files = {
        "config/netmgr.yaml": (
            "lab:\n  overlay:\n    bgp: {keepalive_interval: 1, hold_time: 15, connect_retry: 1}\n"
        ),
        "config/policies/small.yaml": 'clients: ["*"]\nwaves: {largest: 3}\n',
        **{f"inventory/ring/{name}": text for name, text in inventory(64600).items()},
    }
    for name, text in files.items():
        path = workspace / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    shutil.copytree(ROOT / "templates", workspace / "templates")
    found = Eight(Site(workspace, client="ring"))
    found.intend(0)
    try:
        found.site.run("lab", "up")
        found.site.deploy("-m", "first", confirm_in=120)
        yield found
    finally:
        found.site.run("lab", "down")


class Run:
    """One deploy under way, whose words are read line by line; ``seen`` are those so far."""

    def __init__(self, site: Site, device: str) -> None:
        self.site, self.device = site, device
        self.process = site.start("deploy", "--yes", "--confirm-in", str(TIMER), "-o", "json")
        self.seen: list[str] = []

    def until(self, *words: str) -> str | None:
        """The first line that begins with one of the words; None where the command ended before."""
        for line in self.process.stderr or ():
            self.seen.append(line.rstrip())
            if line.startswith(words):
                return line
        return None

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """netmgr stands still meanwhile."""
        self.process.send_signal(signal.SIGSTOP)
        yield
        self.process.send_signal(signal.SIGCONT)

    def on(self, script: str) -> str:
        """What a script on the router says."""
        return self.site.console(self.device, "sh", "-c", script)

    def lie_in_wait(self, moment: str, strike: str = STRIKE) -> None:
        """A process on the router that strikes in this moment."""
        self.on(f"setsid sh -c {shlex.quote(f'{IN[moment]}; {strike}')} >/dev/null 2>&1 &")

    def back_when(self, held: Callable[[], object]) -> None:
        """Logins are taken again as soon as this holds."""
        wait_until(held, seconds=LIMIT, every=0.5)
        self.on(MEND)

    def end(self) -> dict[str, object]:
        """The document, once the command has ended."""
        out, err = self.process.communicate(timeout=LIMIT)
        self.seen += err.splitlines()
        assert "Traceback" not in err
        document: dict[str, object] = json.loads(out) | {"said": self.seen}
        return document


def _dead_before_load(run: Run) -> None:
    run.until("state before")
    run.on(STRIKE)
    run.until("load")


def _lost_in_commit(run: Run) -> None:
    run.lie_in_wait("commit")
    run.until("abort: waiting")
    run.on(MEND)


def _lost_in_commit_until_its_timer(run: Run) -> None:
    run.lie_in_wait("commit")
    run.until("abort: waiting")
    run.back_when(lambda: pending(run) == "")


def _no_login_in_check(run: Run) -> None:
    run.lie_in_wait("commit", BAR)
    run.until("abort: waiting")
    run.on(MEND)


def _before_confirm(run: Run) -> None:
    """As soon as the last wave's checks have passed netmgr is stopped, and then nobody can log in to the router."""
    while line := run.until("check wave 3 of 3", "check: "):
        holding, _, of = line.split(": ")[1].partition(" of ")
        if holding == of.split()[0]:
            break
    with run.stopped():
        run.on(STRIKE)


def _confirm_lost(run: Run) -> None:
    _before_confirm(run)
    run.until("confirm: waiting")
    run.on(MEND)


def _confirm_answer_lost(run: Run) -> None:
    run.lie_in_wait("confirm")
    run.until("confirm: waiting")
    run.on(MEND)


def _away_in_confirm_until_its_timer(run: Run) -> None:
    _before_confirm(run)
    run.until("confirm: waiting")
    run.back_when(lambda: pending(run) == "")


def pending(run: Run) -> str:
    """The states in which the router's own record has a commit that is not over."""
    found = run.on(f"cat {_RECORD} 2>/dev/null || true")
    state = json.loads(found)["state"] if found.strip() else ""
    return state if state in ("armed", "applying", "pending", "rolling_back") else ""


#: Phase and fault → how it strikes, and what the network must be after it.
PHASES: dict[str, tuple[Callable[[Run], None], str]] = {
    "load: no connection": (_dead_before_load, "old"),
    "commit: the answer is lost": (_lost_in_commit, "old"),
    "commit: the answer is lost until its timer": (_lost_in_commit_until_its_timer, "old"),
    "check: no new login": (_no_login_in_check, "old"),
    "confirm: the order is lost": (_confirm_lost, "new"),
    "confirm: the answer is lost": (_confirm_answer_lost, "new"),
    "confirm: away until its timer": (_away_in_confirm_until_its_timer, "old"),
}


def strike(run: Run, phase: str) -> dict[str, object]:
    """Let it happen; the document. It has happened, or this fails."""
    with run.process:
        run.on("rm -f /run/struck")
        try:
            PHASES[phase][0](run)
            document = run.end()
        finally:
            run.process.kill()
            run.on(MEND)
    assert run.on("ls /run/struck").split() == ["/run/struck"], f"{phase}: nothing happened to {run.device}"
    return document


def play(ring: Eight, phase: str, device: str) -> tuple[str, str, dict[str, object]]:
    """What the network is, what netmgr says of it, and its document. The fault has happened, or this fails."""
    old, new = ring.number, (ring.number + 1) % 250
    ring.intend(new)
    document = strike(Run(ring.site, device), phase)
    reads = ring.agreed()
    words = {str(old): "old", str(new): "new"}
    found = {
        words.get(shown, shown) if shown == kernel else f"{shown} but in the kernel {kernel}"
        for shown, kernel in reads.values()
    }
    end = f"all {found.pop()}" if len(found) == 1 else f"mixed: {reads}"
    if end == "all new":
        ring.number = new
    return end, str(document["outcome"]), document
