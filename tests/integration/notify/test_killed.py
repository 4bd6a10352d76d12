"""kill -9 while notifications are sent: none is lost, and what arrives a second time has the same key."""

import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import timedelta

import pytest

from netmgr.adapters.system_clock import SystemClock
from tests.waiting import wait_until

MAIL, HOOK = "mail:noc@acme.example", "webhook:chat"


class LaterClock(SystemClock):
    """The machine's clock, some minutes on: tests wait for nobody's claim to run out."""

    def now(self):
        return super().now() + timedelta(minutes=10)


@pytest.fixture
def live(office):
    """The workspace by the machine's own clock, as the command sees it."""
    office.wiring.clock = SystemClock()
    office.wiring.service_log._clock = office.wiring.clock
    office.sender = office.wiring.sender(office.sender.actor, "r-send", office.said.append)
    return office


def command(office):
    """`netmgr notify send --due`, as the scheduler or a person runs it."""
    arguments = ["-w", str(office.workspace), "notify", "send", "--due"]
    return subprocess.Popen(
        [sys.executable, "-c", "from netmgr.cli.main import main; main()", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def afterwards(office):
    """The next pass, when claims of the dead have run out."""
    office.wiring.clock = LaterClock()
    office.sender = office.wiring.sender(office.sender.actor, "r-later", office.said.append)
    return office.send()


def killed_when(office, receiver, moment):
    """Send; the sender dies by kill -9 at the receiver's ``moment``, once."""
    victims = []

    def kill():
        if victims:
            os.kill(victims.pop(), signal.SIGKILL)

    setattr(receiver, moment, kill)
    child = command(office)
    victims.append(child.pid)
    child.communicate(timeout=60)
    assert child.returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    ("way", "moment", "copies"),
    [("mail", "begun", 1), ("mail", "taken", 2), ("hook", "taken", 2)],
    ids=["before the mail", "mail taken, not acknowledged", "webhook taken, not acknowledged"],
)
def test_a_sender_that_dies_loses_nothing(live, way, moment, copies):
    """Who dies between the receiver's taking and its answer cannot know: it is sent again, under the same key."""
    for number in range(3):
        live.change(f"c-{number}", "failed")
    killed_when(live, getattr(live, way), moment)
    made = {n.id: n.recipient for n in live.outbox.notifications("acme", limit=9)}
    states = Counter(state for _, state in live.states())
    assert (len(made), states["sending"]) == (6, 1)
    assert live.send().outcome in ("sent", "nothing")  # what waits behind the dead one's claim waits on
    assert Counter(state for _, state in live.states())["sending"] == 1
    afterwards(live)
    assert Counter(state for _, state in live.states()) == {"sent": 6}
    arrived = Counter([*live.mail.ids, *(identity for identity, _ in live.hook.posts)])
    assert set(arrived) == set(made)
    assert sorted(arrived.values()) == [1] * 5 + [copies]
    (twice,) = (
        [identity for identity, count in arrived.items() if count == copies][:1] if copies > 1 else [None]
    )
    if twice:
        bodies = {body for identity, body in live.hook.posts if identity == twice}
        texts = {mail.as_bytes() for mail in live.mail.mails if twice in mail["Message-ID"]}
        assert len(bodies | texts) == 1


def test_a_command_that_dies_before_it_has_logged_tells_nobody(live):
    """And one that has logged tells, although it died at once: the two are one transaction."""
    program = """
import os, signal, sys
from pathlib import Path
from netmgr.adapters.store_sql import open_sqlite
from netmgr.adapters.system_clock import SystemClock
from tests.unit.log.drafts import result

log = open_sqlite(Path(sys.argv[1]), SystemClock())
if sys.argv[2] == "before":
    log._head = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
log.append("acme", [result("c-1", outcome="failed")])
os.kill(os.getpid(), signal.SIGKILL)
"""
    live.wiring.service_log.identity  # noqa: B018 - makes the store
    store = live.workspace / ".netmgr/store.db"
    found = []
    for moment in ("before", "after"):
        done = subprocess.run([sys.executable, "-c", program, str(store), moment], check=False, timeout=60)
        assert done.returncode == -signal.SIGKILL
        found.append((len(list(live.wiring.service_log.entries("acme"))), live.send().made))
    assert found == [(0, 0), (1, 2)]


def test_a_webhook_s_receiver_verifies_it_and_its_time_with_the_specification_s_own_library(live):
    live.hook.strict = True
    live.change("c-1", "failed")
    assert live.send().sent == 2
    assert len(live.hook.posts) == 1


def test_two_senders_at_once_send_each_once(live):
    recipients = [f"mail:desk{number}@msp.example" for number in range(2)]
    live.rewrite("config/notify.yaml", ("role:technical", ", ".join(recipients)))
    for number in range(4):
        live.change(f"c-{number}", "failed")
    children = [command(live) for _ in range(2)]
    said = [child.communicate(timeout=60)[0] for child in children]
    assert [child.returncode for child in children] == [0, 0], said
    wait_until(lambda: live.send().outcome == "nothing", seconds=20)
    arrived = Counter([*live.mail.ids, *(identity for identity, _ in live.hook.posts)])
    assert len(arrived) == 12
    assert set(arrived.values()) == {1}


def test_a_sender_that_is_asked_to_stop_ends_what_it_was_at(live):
    for number in range(3):
        live.change(f"c-{number}", "failed")
    asked = []

    def stop():
        if asked:
            os.kill(asked.pop(), signal.SIGTERM)

    live.mail.taken = stop
    child = command(live)
    asked.append(child.pid)
    said, _ = child.communicate(timeout=60)
    assert child.returncode == 0, said
    states = Counter(state for _, state in live.states())
    assert (states["sent"], states["sending"]) == (1, 0)
    live.send()
    arrived = Counter([*live.mail.ids, *(identity for identity, _ in live.hook.posts)])
    assert (len(arrived), set(arrived.values())) == (6, {1})
