"""IOS's commits: `configure replace` with the device's own timer, and a file on the device that carries their ids.

The device knows that a rollback waits, and whose it is, but no id. The candidate's file is called after the commit
while its timer runs: so another process finds out what is pending, and no other change is ever confirmed. The startup
configuration is written before the timer is disarmed, and compared: one that cannot be written is no change.
"""

import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from netmgr.adapters.commit_control import CommitControl
from netmgr.adapters.ios_glance import CHANGE_ASKED, glance, last_change
from netmgr.adapters.ssh_login import key_of, known_hosts_of, login_of
from netmgr.adapters.vendor_errors import words
from netmgr.errors import ConfigRejected, DeviceError, Fenced, Unreachable
from netmgr.model.change import CommitOrder, CommitState
from netmgr.model.digest import sha256_hex
from netmgr.model.endpoint import Endpoint
from netmgr.model.last_change import LastChange
from netmgr.model.marker import Marker
from netmgr.model.status import Probe
from netmgr.platforms.form import PlatformForm
from netmgr.platforms.ios.appending import misplaced

#: Files of ours: a candidate that was loaded, one whose commit is pending.
_LOADED, _PENDING = "netmgr-load-", "netmgr-commit-"
_OURS = re.compile(rf"{_PENDING}([0-9a-f-]{{36}})\.cfg")
_MINUTE = 60
#: Seconds after which nobody changes anything in the same second any more.
_OVER = 2
_SECONDS = {"minute": 60, "hour": 3600, "day": 86_400, "week": 604_800, "year": 31_536_000}
_LENGTH = re.compile(rf"(\d+) ({'|'.join(_SECONDS)})")
_MOMENT = re.compile(r"(\d\d:\d\d:\d\d)(?:\.\d+)? \S+ [A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d+) (\d{4})")
#: Without these the next change could not be made, or not be taken back.
_NEEDED = (
    (
        r"^archive\n(?: .*\n)*? path \S",
        "archive with a path, where the device keeps what a timer brings back",
    ),
    (r"^ip scp server enable$", "ip scp server enable, which lets configurations in"),
)


class IosCommits(CommitControl):
    """See ``CommitControl``."""

    glances = True

    def __init__(self, endpoint: Endpoint, form: PlatformForm) -> None:
        super().__init__(endpoint, form)
        self._candidate: str | None = None
        self._merging = False
        self._understood = ("", "")
        """A configuration as it was shown last, and its canonical form."""
        self._untouched: set[str] = set()
        """Commits that the device never began."""

    def driver_class(self, _found: Any) -> Any:
        """NAPALM's own, guarded."""
        from netmgr.adapters.ios_driver import GuardedIos

        return GuardedIos

    def options(self, sock: Any) -> Mapping[str, object]:
        """Only the host key on record is accepted, for the terminal and for SCP."""
        end = self.endpoint
        return {
            "port": end.port,
            "ssh_strict": True,
            "system_host_keys": False,
            "alt_host_keys": True,
            "alt_key_file": known_hosts_of(end, end.device),
            "key_file": end.key_file,
            "pkey": key_of(end, end.device),
            "use_keys": False,
            "allow_agent": end.use_agent,
            "auto_file_prompt": False,
            "sock": sock,
        }

    def prepare(self, driver: Any) -> None:
        """SCP through jump hosts has a channel of its own."""
        driver.way = self.channel
        driver.netmiko_optional_args |= {
            "conn_timeout": driver.timeout,
            "auth_timeout": driver.timeout,
            "banner_timeout": driver.timeout,
            "blocking_timeout": driver.timeout,
        }

    def patience(self, driver: Any, seconds: float) -> None:
        """For each whole answer."""
        driver.patience(seconds)

    def running(self, driver: Any) -> str:
        """What was shown just now is not understood twice."""
        return self._canonical(driver.get_config(retrieve="running")["running"])

    def startup(self, driver: Any, _running: str) -> str:
        """Nearly always the same as what runs."""
        return self._canonical(driver.get_config(retrieve="startup")["startup"])

    def glance(self, timeout: float) -> Marker | None:
        """When the configuration was changed last, in whole seconds: in one that is not over, more may follow."""
        told = glance(login_of(self.endpoint, timeout, self.channel(), self.endpoint.device))
        if told is None:
            return None
        now, changed = _moment(told.clock), _moment(told.change)
        if now is None or changed is None or 0 <= now - changed < _OVER:
            return None
        uptime = sum(int(count) * _SECONDS[unit] for count, unit in _LENGTH.findall(told.uptime))
        return Marker(revision=told.change, booted=now - uptime, uptime=uptime)

    def last_change(self, driver: Any) -> LastChange | None:
        """By the line above the configuration: whoever had logged in with a name."""
        return last_change(str(driver.cli([CHANGE_ASKED])[CHANGE_ASKED]))

    def _canonical(self, shown: str) -> str:
        if shown != self._understood[0]:
            self._understood = shown, self.form.canonical(shown)
        return self._understood[1]

    def pending(self, driver: Any) -> Probe:
        """Whoever's it is; the file on the device says which commit of ours."""
        return Probe(pending=self._whose(driver, driver.timer()))

    def load(self, driver: Any, candidate: str) -> str:
        """As a file of its own; the answer is the device's own comparison."""
        shown = driver.get_config(retrieve="running")["running"]
        text = self.form.candidate(self.form.canonical(candidate), shown)
        self._check(text, shown)
        if misplacement := misplaced(text, shown):
            raise ConfigRejected(self.endpoint.device, "load", misplacement)
        return self._put(driver, text, merging=False)

    def merge(self, driver: Any, candidate: str) -> str:
        """As a file of the lines that differ. What they come to is known when they have been told, not before."""
        assert self.form.remediation is not None  # noqa: S101 - forms of this family have it
        shown = driver.get_config(retrieve="running")["running"]
        wanted = self.form.canonical(candidate)
        self._check(wanted, shown)
        script = self.form.remediation(self._canonical(shown), wanted).script
        return self._put(driver, f"{script}end\n", merging=True)

    def _put(self, driver: Any, text: str, *, merging: bool) -> str:
        name = self.endpoint.device
        if timer := driver.timer():
            raise Fenced(
                name, "load", f"a change of {timer['user']} waits for its confirmation on the device"
            )
        self._tidy(driver)
        file = f"{_LOADED}{secrets.token_hex(8)}.cfg"
        driver.put(text, file)
        self._candidate, self._merging = file, merging
        self._speak_of(driver, file)
        return str(driver.compare_config())

    def discard(self, driver: Any) -> None:
        """Delete the file."""
        if self._candidate:
            driver.remove(self._candidate)
        self._candidate = None

    def commit(self, driver: Any, order: CommitOrder) -> CommitState:
        """Fence, name, timer. What the device refuses it has brought back by itself, or is told to."""
        name = self.endpoint.device
        if self._candidate is None:
            raise ConfigRejected(name, "commit", "nothing was loaded over this connection")
        if order.seconds < _MINUTE:
            raise ConfigRejected(name, "commit", f"a timer of {order.seconds} s: IOS counts whole minutes")
        self._untouched.add(order.commit)
        self.fence(driver, order)
        driver.rename(self._candidate, _file(order))
        self._candidate = None
        self._speak_of(driver, _file(order))
        self._untouched.discard(order.commit)
        try:
            driver.commit_config(revert_in=order.seconds)
        except Exception as error:
            known = self.explain(error, "commit")
            if known is None or isinstance(known, Unreachable):
                raise
            return self._taken_back(driver, order, known.message)
        return self.state(driver, order)

    def _speak_of(self, driver: Any, file: str) -> None:
        """The driver's next comparison and commit are of this file."""
        driver.candidate_cfg = driver.merge_cfg = file
        driver.config_replace = not self._merging

    def state(self, driver: Any, order: CommitOrder) -> CommitState:
        """Judged by the timer, then by what runs."""
        state = self.judged(driver, order, pending=self._waits(driver, driver.timer(), order))
        if state.state == "rolled_back" and order.commit in self._untouched:
            return state.model_copy(update={"state": "unknown", "detail": ""})
        return state

    def confirm(self, driver: Any, order: CommitOrder) -> CommitState:
        """Save, compare, then disarm. A timer that ends in between takes the saved configuration back, too."""
        timer = driver.timer()
        ours = self._waits(driver, timer, order)
        detail = ""
        if ours:
            if timer["user"] != self.endpoint.username:
                detail = f"armed by {timer['user']}: IOS lets nobody else confirm it"
                return self.judged(driver, order, pending=True, detail=detail)
            if problem := self._unsaved(driver):
                return self.judged(driver, order, pending=True, detail=problem)
            said = driver.device.send_command("configure confirm")
            detail = " ".join(said.split()) if "%" in said else ""
        state = self.state(driver, order)
        if state.state == "pending":
            return state.model_copy(update={"detail": detail or "the device did not take the confirmation"})
        driver.remove(_file(order))
        # What was saved before a timer that ended meanwhile, and what somebody else confirmed.
        if (state.state == "rolled_back" and ours) or (state.state == "confirmed" and not ours):
            detail = self._unsaved(driver)
        return state.model_copy(update={"detail": detail or state.detail})

    def abort(self, driver: Any, order: CommitOrder) -> CommitState:
        """Ends the timer now."""
        if self._waits(driver, driver.timer(), order):
            return self._taken_back(driver, order, "")
        state = self.state(driver, order)
        if state.state != "pending":
            driver.remove(_file(order))
        return state

    def explain(self, error: Exception, phase: str) -> DeviceError | None:
        """An answer that did not come whole leaves the terminal somewhere: the connection counts as lost."""
        if type(error).__name__ in ("ReadTimeout", "ReadException", "WriteException"):
            return Unreachable(self.endpoint.device, phase, words(error))
        if "Authentication timeout" in str(error):
            return Unreachable(self.endpoint.device, phase, "no answer to the login in time")
        return super().explain(error, phase)

    def _whose(self, driver: Any, timer: Mapping[str, str]) -> str | None:
        """The commit that a rollback waits for; the user, where it is none of ours."""
        if not timer:
            return None
        file = self._named(driver)
        return file if file and timer["user"] == self.endpoint.username else f"of {timer['user']}"

    def _waits(self, driver: Any, timer: Mapping[str, str], order: CommitOrder) -> bool:
        """Whether the rollback that waits is this commit's.

        A file may be left over, and the timer another person's: then another user armed it, and something else runs.
        """
        if not timer or self._named(driver) != order.commit:
            return False
        return timer["user"] == self.endpoint.username or sha256_hex(self.running(driver)) == order.after

    @staticmethod
    def _named(driver: Any) -> str | None:
        """The commit that a file on the device is called after."""
        ids = [match[1] for name in driver.files() if (match := _OURS.fullmatch(name))]
        return ids[0] if len(ids) == 1 else None

    def _taken_back(self, driver: Any, order: CommitOrder, why: str) -> CommitState:
        """The timer, if it runs, is ended by what it would do."""
        if driver.timer():
            said = driver.revert_now()
            if "Rollback Done" not in said:
                why = f"{why}; " * bool(why) + f"configure revert now: {' '.join(said.split())}"
        state = self.state(driver, order)
        if state.state != "pending":
            driver.remove(_file(order))
        return state.model_copy(update={"detail": why or state.detail})

    def _unsaved(self, driver: Any) -> str:
        """Write the startup configuration and compare; what keeps it from being what runs, if anything does."""
        said = driver.save()
        shown = driver.get_config(retrieve="all")
        if self._canonical(shown["startup"]) == self._canonical(shown["running"]):
            return ""
        answer = " ".join(said.split())[-120:]
        return f"the startup configuration is not what runs after `write memory`, which said: {answer}"

    def _check(self, candidate: str, running: str) -> None:
        """What a change and its way back need is there, and stays."""
        for pattern, what in _NEEDED:
            for text, where in (
                (running, "is not on the device"),
                (candidate, "would be gone after the change"),
            ):
                if not re.search(pattern, f"{text}\n", re.MULTILINE):
                    why = f"{what}, {where}; put it there, and into the inventory (extra_config)"
                    raise ConfigRejected(self.endpoint.device, "load", why)

    def _tidy(self, driver: Any) -> None:
        """Delete what interrupted processes left; nothing is pending."""
        for file in driver.files():
            if file.startswith((_LOADED, _PENDING)):
                driver.remove(file)


def _file(order: CommitOrder) -> str:
    return f"{_PENDING}{order.commit}.cfg"


def _moment(said: str) -> int | None:
    """A time as IOS writes it, in seconds since 1970 as if its zone were UTC: only differences mean something."""
    match = _MOMENT.search(said)
    if match is None:
        return None
    clock, month, day, year = match.groups()
    moment = datetime.strptime(f"{year} {month} {day} {clock}", "%Y %b %d %H:%M:%S")
    return int(moment.replace(tzinfo=UTC).timestamp())
