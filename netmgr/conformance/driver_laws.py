"""Laws of a driver with its commit control: what one device must do when netmgr speaks to it.

They are held against a device that answers, real or emulated; what it runs is asked of the device itself, never of the
driver. Each law begins with ``settle``; after one that is broken the device may run anything.
"""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps

from netmgr.adapters.jump_hosts import JumpHosts
from netmgr.adapters.napalm_session import NapalmSession
from netmgr.adapters.system_clock import SystemClock
from netmgr.backup.judgement import doubts
from netmgr.errors import (
    AuthenticationFailed,
    ConfigRejected,
    DeviceError,
    Fenced,
    HostKeyRejected,
    Unreachable,
)
from netmgr.model.change import CommitOrder, CommitState
from netmgr.model.digest import sha256_hex
from netmgr.model.endpoint import Endpoint
from netmgr.platforms.form import PlatformForm

_WRONG = "wr0ng-passw0rd"


@dataclass(frozen=True, slots=True)
class Bench:
    """One device, and what is tried on it.

    ``before`` and ``after`` are canonical texts, each with lines that the other lacks; ``refused`` is one with a line
    that the device does not take. ``stranger`` is the endpoint with somebody else's host key or certificate on record.
    ``settle`` has the device run and boot a text, ``running`` gives what it runs in canonical form, ``offered`` counts
    what was sent to prove who logs in: all three by another way than the driver. ``shows`` is a command of the form's
    ``reads``. An answer may take ``timeout`` seconds, a commit's timer runs ``timer`` seconds.
    """

    form: PlatformForm
    endpoint: Endpoint
    stranger: Endpoint
    before: str
    after: str
    refused: str
    shows: str
    settle: Callable[[str], None]
    running: Callable[[], str]
    offered: Callable[[], int]
    timeout: int = 5
    timer: int = 600

    @contextmanager
    def session(self, endpoint: Endpoint | None = None) -> Iterator[NapalmSession]:
        """Logged in, and logged out afterwards."""
        session = NapalmSession(endpoint or self.endpoint, self.form, self.timeout, JumpHosts(self.timeout))
        session.open()
        try:
            yield session
        finally:
            session.close()

    def order(self, expected: str, after: str) -> CommitOrder:
        """One that begins a change."""
        clock = SystemClock()
        return CommitOrder(
            change=clock.new_id(),
            commit=clock.new_id(),
            epoch=1,
            expected=sha256_hex(expected),
            after=sha256_hex(after),
            seconds=self.timer,
            message="conformance",
        )

    def name(self, text: str) -> str:
        """Which of the texts a device runs, in words."""
        return {self.before: "what ran before", self.after: "what was to run"}.get(text, "neither text")


Law = Callable[[Bench], Iterator[str]]


def _settled(law: Law) -> Law:
    """Begins with a device that runs ``before``; what the driver raises where it must not is what is wrong."""

    @wraps(law)
    def held(bench: Bench) -> Iterator[str]:
        bench.settle(bench.before)
        try:
            yield from law(bench)
        except DeviceError as error:
            yield f"{type(error).__name__}: {error}"

    return held


def _runs(bench: Bench, wanted: str, when: str) -> Iterator[str]:
    running = bench.running()
    if running != wanted:
        yield f"{when} the device runs {bench.name(running)}, not {bench.name(wanted)}"


def _committed(bench: Bench, session: NapalmSession) -> CommitOrder:
    """A commit that waits."""
    order = bench.order(bench.before, bench.after)
    session.load(bench.after)
    session.commit(order)
    return order


def _answers(who: str, state: CommitState, wanted: str, running: str) -> Iterator[str]:
    if (state.state, state.running) != (wanted, running):
        yield f"{who} {state.state} {state.detail}".rstrip()


@_settled
def samples(bench: Bench) -> Iterator[str]:
    """The texts can show something: each is canonical, and a replace has lines to add and to remove."""
    for text in (bench.before, bench.after):
        if bench.form.canonical(text) != text:
            yield f"{bench.name(text)} is not canonical"
    before, after = ({*text.splitlines()} for text in (bench.before, bench.after))
    if not before - after or not after - before:
        yield "before and after must each have a line that the other lacks: else a merge passes for a replace"
    yield from _runs(bench, bench.before, "once it is settled")


@_settled
def reading(bench: Bench) -> Iterator[str]:
    """What runs, and would boot, is read in canonical form; nothing is pending."""
    with bench.session() as session:
        reading = session.read()
        if reading.running != bench.before:
            yield "what is read is not what runs"
        if reading.pending is not None:
            yield f"{reading.pending} is pending where nobody has committed"
    other = NapalmSession(bench.endpoint, bench.form, bench.timeout, JumpHosts(bench.timeout))
    try:
        if other.observe().startup != bench.before:
            yield "what would boot is not what was saved"
    finally:
        other.close()


@_settled
def loading(bench: Bench) -> Iterator[str]:
    """A candidate that is loaded and forgotten changes nothing, and its difference is shown."""
    with bench.session() as session:
        if not session.load(bench.after).strip():
            yield "no difference is shown"
        yield from _runs(bench, bench.before, "once a candidate is loaded")
        session.discard()
        if session.load(bench.before).strip() and bench.form.candidate(bench.before, "") == bench.before:
            yield "a difference is shown where there is none: is the candidate of before still there?"
        session.discard()
    yield from _runs(bench, bench.before, "once the candidate is forgotten")


@_settled
def replacing(bench: Bench) -> Iterator[str]:
    """After a commit exactly the candidate runs: what it does not have is gone."""
    with bench.session() as session:
        order = bench.order(bench.before, bench.after)
        session.load(bench.after)
        yield from _answers("the commit says", session.commit(order), "pending", order.after)
        yield from _runs(bench, bench.after, "after the commit")
        session.relogin()
        yield from _answers(
            "over a new login the commit is", session.commit_state(order), "pending", order.after
        )
        session.abort(order)


@_settled
def aborting(bench: Bench) -> Iterator[str]:
    """An abort brings back exactly what ran, and can be repeated."""
    with bench.session() as session:
        order = _committed(bench, session)
        for _ in range(2):
            yield from _answers("the abort says", session.abort(order), "rolled_back", order.expected)
            yield from _runs(bench, bench.before, "after the abort")


@_settled
def confirming(bench: Bench) -> Iterator[str]:
    """What is confirmed stays, is saved, and can be confirmed again."""
    with bench.session() as session:
        order = _committed(bench, session)
        for _ in range(2):
            yield from _answers("the confirmation says", session.confirm(order), "confirmed", order.after)
    yield from _runs(bench, bench.after, "after the confirmation")
    other = NapalmSession(bench.endpoint, bench.form, bench.timeout, JumpHosts(bench.timeout))
    try:
        seen = other.observe()
        if seen.startup != bench.after:
            yield "what was confirmed is not what would boot"
        if seen.reading.pending is not None:
            yield f"{seen.reading.pending} is pending after the confirmation"
    finally:
        other.close()


@_settled
def refusing(bench: Bench) -> Iterator[str]:
    """A line that the device does not take is told of, at the latest by the commit; then everything is as before."""
    with bench.session() as session:
        order = bench.order(bench.before, bench.form.canonical(bench.refused))
        try:
            session.load(bench.refused)
            state = session.commit(order)
            if state.state in ("pending", "confirmed"):
                yield f"a candidate with a wrong line is {state.state}"
        except ConfigRejected:
            pass
        yield from _runs(bench, bench.before, "after a wrong line")
        session.relogin()
        session.load(bench.after)
        session.discard()


@_settled
def fencing(bench: Bench) -> Iterator[str]:
    """A commit that was planned for another configuration than the one that runs is refused."""
    with bench.session() as session:
        session.load(bench.after)
        try:
            state = session.commit(bench.order(f"{bench.before}!", bench.after))
            yield f"a commit planned for another configuration is {state.state}"
        except Fenced:
            pass
        yield from _runs(bench, bench.before, "after a commit that is refused")


@_settled
def trust(bench: Bench) -> Iterator[str]:
    """Who has another host key or certificate than the one on record gets neither a password nor a command."""
    before = bench.offered()
    try:
        with bench.session(bench.stranger):
            yield "a host key or certificate that is not the one on record is taken"
    except HostKeyRejected as error:
        if bench.endpoint.password and bench.endpoint.password in str(error):
            yield "the password stands in the error"
    if bench.offered() != before:
        yield "a password was sent before the host key or certificate was looked at"


@_settled
def passwords(bench: Bench) -> Iterator[str]:
    """A wrong password is told as such, and is not repeated in what is said of it."""
    if not bench.endpoint.password:
        return
    wrong = dataclasses.replace(bench.endpoint, password=_WRONG, key_file=None)
    try:
        with bench.session(wrong):
            yield "a wrong password is taken"
    except AuthenticationFailed as error:
        if _WRONG in str(error):
            yield "the password stands in the error"


@_settled
def looking(bench: Bench) -> Iterator[str]:
    """A command that shows something is answered; one that there is not is an error, and the connection goes on."""
    if not bench.form.may_show(bench.shows):
        yield f"{bench.shows!r} is none of the form's reads"
    with bench.session() as session:
        if not session.show(bench.shows).strip():
            yield f"{bench.shows!r} has no answer"
        try:
            session.show("show no-such-thing")
            yield "a command that there is not is answered as if there were"
        except Unreachable:
            yield "a command that there is not ends the connection"
        except DeviceError:
            pass
        session.read()
        session.adjacencies()


@_settled
def closing(bench: Bench) -> Iterator[str]:
    """Whoever is logged out is not connected, and can log in again."""
    with bench.session() as session:
        session.close()
        try:
            session.read()
            yield "a session that was closed reads"
        except Unreachable:
            pass
        session.open()
        session.read()


@_settled
def keeping(bench: Bench) -> Iterator[str]:
    """What a backup keeps is whole by the form's own word, reads as what runs, and is the same a second time."""
    with bench.session() as session:
        capture = session.capture()
        if bench.form.canonical(capture.running) != bench.before:
            yield "what a backup keeps is not what runs"
        for finding in doubts(capture, bench.form, before=None):
            yield f"a whole configuration is not taken for one: {finding.detail}"
        again = session.capture()
        if (again.running, again.startup, again.facts) != (capture.running, capture.startup, capture.facts):
            yield "a second reading differs, although nothing was changed: every backup would be a new version"


DRIVER_LAWS: Mapping[str, Law] = {
    law.__name__: law
    for law in (
        *(samples, reading, loading, replacing, aborting, confirming, refusing, fencing, trust, passwords),
        *(looking, keeping, closing),
    )
}
"""Every law by its name."""
