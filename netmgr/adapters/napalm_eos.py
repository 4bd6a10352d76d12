"""EOS's commits: a configuration session named after the commit's id, so that any process can find and end it.

NAPALM's driver aborts a pending commit when it is closed or garbage-collected: here it never holds one. It knows the
session only while it sends one request about it, and is told its name again for the next.

The device keeps no fence. What stands in for one: the session is opened, filled and committed at once, right after the
running configuration was read and found as expected, and no commit is ever sent without a timer but to confirm one.

NAPALM's own rollback, which loads what was *startup* before the commit, is never used: lines that nobody had saved
would be lost. An abort ends the session, and the device goes back to what it ran; what it reads then is what counts.
"""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from netmgr.adapters.commit_control import CommitControl
from netmgr.adapters.vendor_errors import words
from netmgr.errors import (
    AuthenticationFailed,
    ConfigRejected,
    DeviceError,
    Fenced,
    HostKeyRejected,
    Unreachable,
)
from netmgr.model.change import CommitOrder, CommitState
from netmgr.model.endpoint import Endpoint
from netmgr.model.status import Probe
from netmgr.platforms.form import PlatformForm

#: Sessions of ours: `netmgr-COMMIT`, and for a look at the device's own comparison `netmgr-load-RANDOM`.
_OURS = "netmgr-"
#: Commands that a text follows, and the line that ends it.
_BLOCKS, _END = frozenset({"banner login", "banner motd", "comment"}), "EOF"
#: What a session is that nobody has committed.
_OPEN = "pending"


class EosCommits(CommitControl):
    """See ``CommitControl``."""

    def __init__(self, endpoint: Endpoint, form: PlatformForm) -> None:
        super().__init__(endpoint, form)
        self._candidate: str | None = None
        self._merging = False
        self._untouched: set[str] = set()
        """Commits that the device refused before it did anything."""

    def options(self, sock: Any) -> Mapping[str, object]:
        """Certificates are verified against the client's own file, and the name in them; a password is needed."""
        from netmgr.adapters.eapi import Eapi, trusting

        end = self.endpoint
        if sock is not None:  # eAPI has a connection for each request
            sock.close()
        if not Path(end.trusted_certificates).exists():
            raise HostKeyRejected(
                end.device,
                "connect",
                f"no certificate on record: there is no {end.trusted_certificates}; put the certificate of the "
                "authority that signed the device's, or the device's own, into it (PEM)",
            )
        if end.password is None:
            raise AuthenticationFailed(
                end.device, "connect", "eAPI takes a password; name it as access.credentials"
            )
        try:
            context = trusting(end.trusted_certificates)
        except OSError as error:
            raise HostKeyRejected(
                end.device,
                "connect",
                f"{end.trusted_certificates} holds no certificate (PEM): {words(error)}",
            ) from error
        return {
            "transport": Eapi,
            "port": end.port,
            "context": context,
            "dial": self.channel,
            "lock_disable": True,
        }

    def close(self, driver: Any) -> None:
        """The driver knows no session here, so it aborts none."""
        driver.config_session = None
        driver.close()

    def patience(self, driver: Any, seconds: float) -> None:
        """A deadline for each request."""
        driver.device.connection.patience(seconds)

    def pending(self, driver: Any) -> Probe:
        """Whoever's it is; the name of a commit of ours is its id."""
        for session, left in driver._get_pending_commits().items():
            return Probe(pending=session.removeprefix(_OURS), remaining=float(left) if left >= 0 else None)
        return Probe()

    def load(self, driver: Any, candidate: str) -> str:
        """Into a session that is forgotten after the comparison: a session that stays open would lock others out."""
        self._look_around(driver)
        shown = driver.get_config(retrieve="running")["running"]
        wanted = self.form.canonical(candidate)
        self._candidate, self._merging = self.form.candidate(wanted, shown), False
        return self._tried(driver, None)

    def merge(self, driver: Any, candidate: str) -> str:
        """Into a session that begins with what runs; refused unless it then is what was wanted."""
        assert self.form.remediation is not None  # noqa: S101 - forms of this family have it
        self._look_around(driver)
        wanted = self.form.canonical(candidate)
        self._candidate = self.form.remediation(self.running(driver), wanted).script
        self._merging = True
        return self._tried(driver, wanted)

    def _tried(self, driver: Any, wanted: str | None) -> str:
        """The device's comparison with what was loaded, in a session that is forgotten; it must read as ``wanted``."""
        name = f"{_OURS}load-{secrets.token_hex(8)}"
        with self._session(driver, name):
            self._fill(driver, self._candidate or "")
            try:
                if wanted is not None:
                    command = f"show session-config named {name}"
                    shown = driver.device.run_commands([command], encoding="text")[0]["output"]
                    self.must_hold(self.form.canonical(shown), wanted)
                return str(driver.compare_config())
            finally:
                driver.discard_config()

    def _fill(self, driver: Any, candidate: str) -> None:
        (driver.load_merge_candidate if self._merging else driver.load_replace_candidate)(
            config=_lines(candidate)
        )

    def discard(self, _driver: Any) -> None:
        """The device knows of no candidate."""
        self._candidate = None

    def commit(self, driver: Any, order: CommitOrder) -> CommitState:
        """Fence, session, timer. Raises DeviceError where nothing was committed, or nobody knows."""
        if self._candidate is None:
            raise ConfigRejected(self.endpoint.device, "commit", "nothing was loaded over this connection")
        self.fence(driver, order)
        with self._session(driver, _name(order)):
            try:
                self._fill(driver, self._candidate)
                driver.commit_config(revert_in=order.seconds)
            except Exception as error:
                if not isinstance(self.explain(error, "commit"), Unreachable):
                    self._untouched.add(order.commit)
                    self._forget(driver, order)
                raise
        self._candidate = None
        return self.state(driver, order)

    def state(self, driver: Any, order: CommitOrder) -> CommitState:
        """Judged by the timer, then by what runs. A confirmed commit that is not saved yet waits for ``confirm``."""
        state = self._judged(driver, order)
        if state.state == "confirmed" and not self._saved(driver):
            return state.model_copy(update={"state": "pending", "detail": "confirmed, not saved yet"})
        return state

    def _judged(self, driver: Any, order: CommitOrder) -> CommitState:
        left = driver._get_pending_commits().get(_name(order))
        known = left is not None and left >= 0
        state = self.judged(driver, order, pending=left is not None, remaining=float(left) if known else None)
        if state.state == "rolled_back" and order.commit in self._untouched:
            return state.model_copy(update={"state": "unknown", "detail": ""})
        return state

    def confirm(self, driver: Any, order: CommitOrder) -> CommitState:
        """A commit that is confirmed and not saved, because the answer or its maker got lost in between, is saved."""
        detail = ""
        if _name(order) in driver._get_pending_commits():
            with self._session(driver, _name(order)), self._noted() as notes:
                driver.confirm_commit()
            detail = notes[0] if notes else ""
        state = self._judged(driver, order)
        if state.state == "confirmed" and not self._saved(driver):
            with self._noted() as notes:
                driver.device.run_commands(["write memory"], encoding="text")
            if not self._saved(driver):
                why = notes[0] if notes else "the device keeps the old startup configuration"
                detail = f"confirmed, but not saved: {why}"
        return state.model_copy(update={"detail": detail or state.detail})

    def abort(self, driver: Any, order: CommitOrder) -> CommitState:
        """Ends the timer now; a session that was never committed is forgotten."""
        detail = ""
        if _name(order) in driver._get_pending_commits():
            with self._session(driver, _name(order)), self._noted() as notes:
                driver.discard_config()
            detail = notes[0] if notes else ""
        else:
            self._forget(driver, order)
        state = self._judged(driver, order)
        return state.model_copy(update={"detail": detail}) if detail else state

    def explain(self, error: Exception, phase: str) -> DeviceError | None:
        """What was refused first: NAPALM's cleaning up after it may be refused too, and hide it.

        pyeapi says of an answer that is no JSON that it cannot connect.
        """
        while _refused(error) and isinstance(error.__context__, Exception) and _refused(error.__context__):
            error = error.__context__
        inner = error.__context__
        unreadable = isinstance(inner, ValueError) and not isinstance(inner, OSError)
        if inner and unreadable and type(error).__module__ == "pyeapi.eapilib":
            return DeviceError(self.endpoint.device, phase, f"the answer is no JSON: {words(inner)}")
        return super().explain(error, phase)

    def _look_around(self, driver: Any) -> None:
        """Clean up after ourselves, and refuse where others are at work."""
        name = self.endpoint.device
        if (probe := self.pending(driver)).pending:
            raise Fenced(name, "load", f"commit {probe.pending} is pending on the device")
        others = []
        for session in self._open(driver):
            if session.startswith(_OURS):  # of a process that was killed; whoever commits opens another one
                self._run(driver, f"configure session {session} abort")
            else:
                others.append(session)
        if others:
            raise Fenced(
                name,
                "load",
                f"somebody is configuring the device in session {', '.join(sorted(others))}; if it was left behind, "
                f"run `configure session {others[0]} abort` there",
            )

    def _open(self, driver: Any) -> list[str]:
        """Sessions that somebody has opened and not committed."""
        sessions = driver.device.run_commands(["show configuration sessions"])[0]["sessions"]
        return [name for name, session in sessions.items() if session["state"] == _OPEN]

    def _saved(self, driver: Any) -> bool:
        """Whether the device would boot what it runs."""
        shown = driver.get_config(retrieve="all")
        return self.form.canonical(shown["running"]) == self.form.canonical(shown["startup"])

    def _forget(self, driver: Any, order: CommitOrder) -> None:
        """Abort the commit's session, if it is open and was never committed."""
        with self._noted():
            if _name(order) in self._open(driver):
                self._run(driver, f"configure session {_name(order)} abort")

    @staticmethod
    def _run(driver: Any, command: str) -> None:
        driver.device.run_commands([command], encoding="text")

    @contextmanager
    def _session(self, driver: Any, name: str) -> Iterator[None]:
        """The driver speaks of this session, and afterwards of none."""
        driver.config_session = name
        try:
            yield
        finally:
            driver.config_session = None

    @contextmanager
    def _noted(self) -> Iterator[list[str]]:
        """What the device refuses is kept as a note; a connection that broke is an error all the same."""
        notes: list[str] = []
        try:
            yield notes
        except Exception as error:
            known = self.explain(error, "confirm")
            if known is None or isinstance(known, Unreachable | HostKeyRejected | AuthenticationFailed):
                raise
            notes.append(known.message)


class _Verbatim(str):
    """A line that NAPALM's driver, which strips lines and drops those that look like comments, leaves as it is."""

    __slots__ = ()

    def strip(self, _characters: str | None = None) -> "_Verbatim":
        return self

    def startswith(self, *_: object) -> bool:
        return False


def _lines(config: str) -> list[str]:
    """The configuration's lines. The text of a banner or comment is its own: every space of it, and every `!`."""
    lines: list[str] = []
    inside = False
    for line in config.splitlines():
        if inside and line != _END:
            lines.append(_Verbatim(line))
            continue
        lines.append(line)
        inside = line.strip() in _BLOCKS
    return lines


def _name(order: CommitOrder) -> str:
    return f"{_OURS}{order.commit}"


def _refused(error: BaseException) -> bool:
    """Whether it is the device's refusal of a command."""
    return (type(error).__module__, type(error).__name__) == ("pyeapi.eapilib", "CommandError")
