"""Junos's commits: one shared candidate, a lock around it, a timer in whole minutes, and a comment that holds our id.

Whatever is in the candidate is what a commit commits, and a commit confirms whoever's timer runs. So nothing is loaded,
committed, confirmed or taken back here but under the lock, which Junos gives only where nobody has left something
uncommitted, and only after the candidate was read and is what it must be.
"""

import math
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from netmgr.adapters.commit_control import CommitControl
from netmgr.adapters.ssh_login import known_hosts_of, login_error, login_of
from netmgr.adapters.vendor_errors import chain_of, vendor_error, words
from netmgr.errors import AuthenticationFailed, DeviceError, Fenced, Unreachable
from netmgr.model.change import CommitOrder, CommitState
from netmgr.model.digest import sha256_hex
from netmgr.model.endpoint import Endpoint
from netmgr.model.last_change import LastChange
from netmgr.model.marker import Marker
from netmgr.model.status import Probe
from netmgr.platforms.form import PlatformForm

#: How a commit of ours is told from others in the history: its id stands first in its comment.
_OURS = re.compile(r"netmgr ([0-9A-Za-z-]+)(?: .*)?", re.DOTALL)
#: What stands for a secret where the login's class may not see it.
_MASKED = "/* SECRET-DATA */"
#: Seconds after which nobody commits in the same second any more.
_OVER = 2
#: What Junos keeps of a comment.
_COMMENT = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """One commit in the device's history. ``minutes`` until it goes back, if it was made with a timer."""

    user: str
    seconds: int
    when: str
    comment: str
    log: str
    pending: bool

    @property
    def commit(self) -> str:
        """Our id, or who made it."""
        match = _OURS.fullmatch(self.log)
        return match[1] if match else f"of {self.user}"

    @property
    def minutes(self) -> int:
        """How long its timer runs; 0 where it has none."""
        match = re.search(r"rollback in (\d+)mins", self.comment)
        return int(match[1]) if match else 0


class JunosCommits(CommitControl):
    """See ``CommitControl``."""

    def __init__(self, endpoint: Endpoint, form: PlatformForm) -> None:
        super().__init__(endpoint, form)
        self._sock: Any = None

    # -- the login --------------------------------------------------------------------------------------------------

    def driver_class(self, found: Any) -> Any:
        """PyEZ takes no bare IPv6 address. It connects nowhere itself: a name is all that it needs."""
        return found and partial(_named, found, self.endpoint.device)

    def options(self, sock: Any) -> Mapping[str, object]:
        """PyEZ's own login is not used. Its port must not be 23, which it takes for a console."""
        known_hosts_of(self.endpoint, self.endpoint.device)
        self._sock = sock
        return {"port": 830, "ssh_config_file": os.devnull}

    def prepare(self, driver: Any) -> None:
        """The driver's device opens over a login of ours, which verifies the host key: PyEZ's verifies none."""
        driver.device.open = partial(self._open, driver.device, driver.timeout)

    def _open(self, device: Any, timeout: float, **_: object) -> Any:
        from jnpr.junos.device import DeviceSessionListener
        from ncclient.manager import Manager, make_device_handler

        from napalm_frr.login import connect
        from netmgr.adapters.netconf_session import NetconfSession

        login = login_of(self.endpoint, timeout, self._sock, self.endpoint.device)
        client = connect(login)
        handler = make_device_handler({"name": "junos", "local": False, "use_filter": False})
        session = NetconfSession(handler, client)
        try:
            session.begin(timeout)
        except BaseException:
            client.close()
            raise
        device._conn = Manager(session, handler, timeout=timeout)
        session.add_listener(DeviceSessionListener(device))
        device.connected = True
        device._nc_transform = device.transform
        device._norm_transform = _normalized
        return device

    def close(self, driver: Any) -> None:
        """What the session has locked is free again; a pending commit stays pending."""
        session = driver.device._conn._session
        try:
            if session.answers:
                driver.close()
        finally:
            driver.device.connected = False
            session.close()

    def patience(self, driver: Any, seconds: float) -> None:
        """PyEZ counts whole seconds."""
        driver.timeout = seconds
        driver.device.timeout = max(1, math.ceil(seconds))

    # -- what it runs -----------------------------------------------------------------------------------------------

    def running(self, driver: Any) -> str:
        """What was committed last, as ``set`` lines: the device knows best how its statements are written so."""
        return self.form.canonical(self._shown(driver, "running"))

    def startup(self, _driver: Any, running: str) -> str:
        """What is committed is what boots."""
        return running

    def pending(self, driver: Any) -> Probe:
        """The last commit, if its timer runs: our id, or whose it is."""
        last = next(self._history(driver), None)
        if last is None or not last.pending:
            return Probe()
        return Probe(pending=last.commit, remaining=self._remaining(driver, last))

    # -- commits ----------------------------------------------------------------------------------------------------

    def load(self, driver: Any, candidate: str) -> str:
        """Replace all that differs, under the lock; refused unless the candidate then reads as it should."""
        return self._load(driver, candidate, self.form.candidate)

    def merge(self, driver: Any, candidate: str) -> str:
        """Statement by statement, under the same lock, and read as a whole all the same."""
        return self._load(driver, candidate, self._differing)

    def _differing(self, wanted: str, shown: str) -> str:
        assert self.form.remediation is not None  # noqa: S101 - forms of this family have it
        return self.form.remediation(self.form.canonical(shown), wanted).script

    def _load(self, driver: Any, candidate: str, script_for: Callable[[str, str], str]) -> str:
        with self._released_on_failure(driver):
            driver._lock()
            wanted = self.form.canonical(candidate)
            script = script_for(wanted, self._shown(driver, "running"))
            if script:
                driver.load_merge_candidate(config=script)
            self.must_hold(self._candidate(driver), wanted)
            return str(driver.compare_config())

    def discard(self, driver: Any) -> None:
        """Forget the candidate, and give the lock back."""
        driver.discard_config()

    def commit(self, driver: Any, order: CommitOrder) -> CommitState:
        """With the lock that was taken to load."""
        if not driver.locked:
            raise Fenced(self.endpoint.device, "commit", "nothing is loaded: the lock is not ours any more")
        with self._released_on_failure(driver):
            self.fence(driver, order)
            if sha256_hex(self._candidate(driver)) != order.after:
                raise Fenced(self.endpoint.device, "commit", "the candidate is not what was loaded")
            minutes = max(1, order.seconds // 60)
            driver.commit_config(message=_comment(order.commit, order.message), revert_in=60 * minutes)
        return self.state(driver, order)

    def state(self, driver: Any, order: CommitOrder) -> CommitState:
        """By the history, which holds our id, and by what the device runs."""
        return self._state(driver, order)

    def confirm(self, driver: Any, order: CommitOrder) -> CommitState:
        """By a check, which confirms and commits nothing: neither what others typed nor, once too late, ours again.

        CLI User Guide, "Commit the Configuration". Where a release does not take it so, by a commit under the lock.
        """
        detail = ""
        if self._is_pending(driver, order):
            if sha256_hex(self.running(driver)) != order.after:
                detail = "not confirmed: the device does not run what was planned"
            else:
                driver.device.cu.commit_check()
                if self._is_pending(driver, order):
                    detail = self._confirm_by_commit(driver, order)
        return self._state(driver, order, detail)

    def _confirm_by_commit(self, driver: Any, order: CommitOrder) -> str:
        try:
            with self._locked(driver):
                if driver.compare_config():
                    return "not confirmed: the candidate is not what runs"
                driver.commit_config(message=_comment(order.commit, "confirmed"))
        except Fenced as busy:
            return f"not confirmed: {busy.message}"
        return ""

    def abort(self, driver: Any, order: CommitOrder) -> CommitState:
        """The configuration before ours, if it is what the order says; else the timer brings the device back."""
        detail = ""
        if self._is_pending(driver, order):
            try:
                with self._locked(driver):
                    driver.device.cu.rollback(rb_id=1)
                    if sha256_hex(self._candidate(driver)) == order.expected:
                        driver.commit_config(message=_comment(order.commit, "rolled back"))
                    else:
                        detail = "the device's last configuration is not the one from before the change"
            except Fenced as busy:
                detail = f"{busy.message}; its timer brings it back"
        return self._state(driver, order, detail)

    def explain(self, error: Exception, phase: str) -> DeviceError | None:
        """The login is ours, and its exceptions napalm_frr's."""
        name = self.endpoint.device
        for each in chain_of(error):
            if type(each).__name__ == "BadAnswerError":
                return Unreachable(name, phase, words(each))
            if said := _said(each):
                known = vendor_error(each, name, phase)
                return type(known)(name, phase, said) if known else DeviceError(name, phase, said)
        return login_error(error, name, phase, self.endpoint.known_hosts) or super().explain(error, phase)

    # -- the device's words -----------------------------------------------------------------------------------------

    def _state(self, driver: Any, order: CommitOrder, detail: str = "") -> CommitState:
        history = list(self._history(driver))
        ours = next((entry for entry in history if entry.commit == order.commit and entry.minutes), None)
        waits = ours is not None and ours.pending
        remaining = self._remaining(driver, ours) if ours and waits else None
        state = self.judged(driver, order, pending=waits, remaining=remaining, detail=detail)
        if ours is None:
            return state.model_copy(update={"state": "unknown", "detail": detail})
        return state

    def marker(self, driver: Any) -> Marker | None:
        """When the device was configured last, and by whom: every commit says so, also one that a timer made.

        It counts whole seconds: in one that is not over, another commit may follow that would say the same.
        """
        said = driver.device.rpc.get_system_uptime_information()
        last = said.find(".//last-configured-time")
        seconds = [
            said.find(f".//{name}/date-time").get("seconds")
            for name in ("current-time", "system-booted-time", "last-configured-time")
        ]
        now, booted, configured = map(int, seconds)
        if now - configured < _OVER:
            return None
        user = last.findtext("user", "")
        return Marker(revision=f"{configured} {user}", booted=booted, uptime=now - booted)

    def last_change(self, driver: Any) -> LastChange | None:
        """The newest commit, also one of ours: then somebody else's is not what drifted."""
        last = next(self._history(driver), None)
        if last is None or not last.user:
            return None
        return LastChange(user=last.user, when=last.when, source="commits", comment=last.log)

    def _is_pending(self, driver: Any, order: CommitOrder) -> bool:
        last = next(self._history(driver), None)
        return last is not None and last.pending and last.commit == order.commit

    def _history(self, driver: Any) -> Iterator[Entry]:
        """The newest first. That it waits for a confirmation a commit says itself: its comment stays afterwards."""
        for each in driver.device.rpc.get_commit_information().iter("commit-history"):
            at = each.find("date-time")
            yield Entry(
                user=each.findtext("user", ""),
                seconds=int(at.get("seconds", "0")) if at is not None else 0,
                when=(at.text or "").strip() if at is not None else "",
                comment=each.findtext("comment", "").strip(),
                log=each.findtext("log", "").strip(),
                pending=each.find("commit-confirmed") is not None,
            )

    def _remaining(self, driver: Any, entry: Entry) -> float:
        """Seconds by the device's own clock."""
        now = driver.device.rpc.get_system_uptime_information().find(".//current-time/date-time")
        return float(max(0, entry.seconds + 60 * entry.minutes - int(now.get("seconds"))))

    def _shown(self, driver: Any, which: str) -> str:
        shown = str(driver.get_config(retrieve=which, format="set")[which])
        if _MASKED in shown:
            why = "the login may not see secrets: its class needs the permission `secret`"
            raise AuthenticationFailed(self.endpoint.device, "read", why)
        return shown

    def _candidate(self, driver: Any) -> str:
        return self.form.canonical(self._shown(driver, "candidate"))

    # -- the lock ---------------------------------------------------------------------------------------------------

    @contextmanager
    def _locked(self, driver: Any) -> Iterator[None]:
        """The lock; nothing of the candidate is left afterwards. Raises Fenced where somebody else is editing."""
        try:
            driver._lock()
        except Exception as error:
            known = vendor_error(error, self.endpoint.device, "lock")
            if isinstance(known, Fenced):
                raise known from error
            raise
        with self._released_on_failure(driver):
            yield
        if driver.locked:  # no commit has given it back
            driver.discard_config()

    @contextmanager
    def _released_on_failure(self, driver: Any) -> Iterator[None]:
        """A commit that fails leaves the lock, and the candidate with it."""
        try:
            yield
        except BaseException:
            # Nobody waits for a device that has not answered: its end of the connection gives the lock back.
            if driver.device._conn._session.answers:
                with suppress(Exception):
                    driver.discard_config()
            raise


#: What an exception of PyEZ prints around the device's own words.
_AROUND = re.compile(r"\w+\(.*?message: (?P<said>.*)\)", re.DOTALL)


def _said(error: BaseException) -> str | None:
    """The device's own words, with the word and the place that they are about; None where it said nothing."""
    problems = error.args[0] if error.args else None
    if isinstance(problems, list) and problems and isinstance(problems[0], dict):
        first = next((each for each in problems if each.get("severity") == "error"), problems[0])
        parts = (first.get("message"), first.get("bad_element"), first.get("edit_path"))
        return ": ".join(" ".join(str(part).split()) for part in parts if part)
    match = _AROUND.fullmatch(str(error))
    if match is None:
        return None
    said = " ".join(match["said"].split())
    if said == "configuration database modified":
        said += ": somebody has edited it and not committed; commit or discard that first"
    return said


def _named(found: Any, name: str, _hostname: str, *arguments: Any, **options: Any) -> Any:
    return found(name, *arguments, **options)


def _comment(commit: str, text: str) -> str:
    return f"netmgr {commit} {' '.join(text.split())}"[:_COMMENT]


def _normalized() -> bytes:
    from jnpr.junos import jxml

    return bytes(jxml.normalize_xslt.encode())
