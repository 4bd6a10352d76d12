"""A sender is killed before every single write, sync and packet: every notification arrives, and none under two keys.

The calls are those of a clean run under strace; the receivers are real servers, and what they took is counted.
"""

import os
import re
import shutil
import signal
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.forked import Forks
from tests.faults.strace import CHANGES, Call, injecting
from tests.integration.notify.conftest import office, trust  # noqa: F401 - fixtures

pytestmark = pytest.mark.tally("notification kills")
NAMES = f"{CHANGES}|connect|sendto|sendmsg|recvfrom|recvmsg|read|close"
_CALL = re.compile(r"^(?:(\d+) +)?(\w+)\((.*)$")
QUICK = 81
"""One of so many is in every test run; all are in `make faults`."""


@dataclass
class Post:
    """The workspace with its outbox, as it was before the first try, and the receivers."""

    office: object
    forks: Forks
    saved: Path
    trace: Path

    def send(self, *options: str, ahead: int = 0) -> int:
        """`netmgr notify send --due` in a process of its own, so many seconds from now."""
        base = self.saved.parent
        environment = {n: v for n, v in os.environ.items() if not n.startswith(("NETMGR_", "FAULTS_"))}
        environment |= {"FAULTS_DEVICES": str(base), "FAULTS_AHEAD": str(ahead)}
        return self.forks.run(
            ["-w", str(self.office.workspace), "notify", "send", "--due"],
            environment,
            out=base / "out",
            err=base / "err",
            heard=base / "heard",
            strace_options=["-o", str(self.trace), "-yy", "-s", "0", *options] if options else None,
        )

    def again(self) -> None:
        """Everything as it was, and nothing taken yet."""
        state = self.office.workspace / ".netmgr"
        shutil.rmtree(state)
        shutil.copytree(self.saved, state)
        self.office.mail.mails.clear()
        self.office.hook.posts.clear()

    def arrived(self) -> Counter[str]:
        """How often each notification was taken."""
        return Counter([*self.office.mail.ids, *(identity for identity, _ in self.office.hook.posts)])

    def points(self) -> list[Call]:
        """Every call of a clean run that changes a file of the workspace, or speaks to a receiver."""
        self.again()
        assert self.send("-f", "-e", f"trace=/^({NAMES})$") == 0, (self.saved.parent / "err").read_text()
        counts, found = Counter(), []
        state = str(self.office.workspace / ".netmgr")
        for line in self.trace.read_text(errors="replace").splitlines():
            match = _CALL.match(line)
            if not match:
                continue
            thread, name, rest = match.groups("")
            counts[thread, name] += 1
            ours = state in rest and "-shm" not in rest and name != "read" and name != "close"
            if ours or re.match(r"\d+<TCP:", rest):
                found.append(Call(name, counts[thread, name], "file" if ours else "network"))
        assert {call.path for call in found} == {"file", "network"}
        return found


@pytest.fixture
def post(office, forks, tmp_path):  # noqa: F811
    office.wiring.clock = office.wiring.service_log._clock = netmgr_clock()
    office.sender = office.wiring.sender(office.sender.actor, "r-0", office.said.append)
    for number in range(2):
        office.change(f"c-{number}", "failed")
    office.wiring.service_log.close()
    saved = tmp_path / "saved"
    shutil.copytree(office.workspace / ".netmgr", saved)
    return Post(office, forks, saved, tmp_path / "trace")


def netmgr_clock():
    from netmgr.adapters.system_clock import SystemClock

    return SystemClock()


def killed_at(post: Post, call: Call) -> int:
    """Killed there, then sent by the next one; how many arrived twice."""
    post.again()
    code = post.send(*injecting(call, "signal=KILL"))
    assert code in (-signal.SIGKILL, 0), (post.saved.parent / "err").read_text()
    before = post.arrived()
    assert post.send(ahead=600) == 0, (post.saved.parent / "err").read_text()
    arrived = post.arrived()
    assert len(arrived) == 4, f"lost: {arrived}"
    twice = [identity for identity, count in arrived.items() if count > 1]
    assert len(twice) <= 1, f"doubled: {arrived}"
    assert all(arrived[each] == 2 and before[each] == 1 for each in twice)
    assert len({mail["Message-ID"] for mail in post.office.mail.mails}) == 2
    bodies = {identity: {body for i, body in post.office.hook.posts if i == identity} for identity in arrived}
    assert all(len(each) <= 1 for each in bodies.values())
    assert post.send(ahead=1200) == 0
    assert post.arrived() == arrived
    return len(twice)


def every(post: Post, points: list[Call], cases) -> None:
    cases.expect(len(points))
    wrong, twice = [], 0
    for call in points:
        try:
            twice += killed_at(post, call)
        except AssertionError as error:
            wrong.append(f"killed before {call}: {error}")
        else:
            cases.hold()
    print(f"{len(points)} kills, {twice} times a notification came twice under its key")
    assert not wrong, f"{len(wrong)} of {len(points)}:\n" + "\n".join(wrong[:5])


def test_killed_at_some_calls(post, cases):
    every(post, post.points()[::QUICK], cases)


@pytest.mark.faults
def test_killed_before_every_call(post, cases):
    every(post, post.points(), cases)
