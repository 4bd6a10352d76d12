"""The checks of config/checks around one change: the state before, then looks at the network until each holds."""

from collections.abc import Callable, Collection, Mapping
from math import inf
from typing import Self

from netmgr.change.check_judgement import held_back, in_time, judge, question
from netmgr.change.check_points import Verdict, not_measured
from netmgr.change.check_setting import Setting, setting
from netmgr.errors import DeviceError
from netmgr.model.change import CheckResult
from netmgr.model.check_state import Seen
from netmgr.ports.checks import Check
from netmgr.ports.fleet import FleetSession
from netmgr.workflows.planning import Prepared
from netmgr.workflows.runtime import Runtime


class Suite:
    """What is checked on which devices of a change, and what was found. One for each change, used by one thread."""

    def __init__(
        self,
        runtime: Runtime,
        checks: Mapping[str, tuple[Check, ...]],
        around: Setting,
        hide: Callable[[str, str], str],
    ) -> None:
        self._runtime, self._checks, self._setting, self._hide = runtime, checks, around, hide
        self._before: dict[str, Seen] = {}
        self._waiting: frozenset[str] | None = None
        self._since = 0.0
        self.settled = True
        """Whether every check was looked at; False while one still waits for what may take time to go wrong."""
        self.given_up = False
        """Whether a check that decides did not come to hold within its own limit."""

    @classmethod
    def of(cls, runtime: Runtime, prepared: Prepared) -> Self:
        """The checks for the devices of a plan that were read."""
        devices = {device.name: device for device in prepared.intent.devices}
        checks = {
            name: chosen
            for name in prepared.readings
            if (chosen := tuple(check for check in prepared.checks if check.spec.selects(devices[name])))
        }
        if not checks:
            return cls.of_nothing(runtime)
        around = setting(
            prepared.intent,
            prepared.intended,
            {name: reading.running for name, reading in prepared.readings.items()},
            expected=prepared.expected,
            forms=runtime.forms,
        )
        return cls(runtime, checks, around, prepared.hide)

    @classmethod
    def of_nothing(cls, runtime: Runtime) -> Self:
        """Nothing to check: what is decided already is only carried out."""
        return cls(runtime, {}, Setting(), lambda _, said: said)

    def before(self, session: FleetSession) -> None:
        """Read the state that the later ones are compared with."""
        if self._checks:
            names = ", ".join(
                dict.fromkeys(check.name for chosen in self._checks.values() for check in chosen)
            )
            self._runtime.progress(f"state before: {names}")
            self._before = self._ask(session, self._checks, inf)

    def look(
        self,
        session: FleetSession,
        *,
        waiting: Collection[str] = (),
        unread: Collection[str] = (),
        left: float,
    ) -> tuple[CheckResult, ...]:
        """One result for each check on each device.

        ``waiting`` are devices whose wave is still to come: their checks are pending. Each wave starts the clock of
        ``settle`` and ``within`` anew. ``unread`` are devices without a proved login, which are not asked. What cannot
        be tried in the ``left`` seconds is not measured.
        """
        now = self._runtime.clock.monotonic()
        if self._waiting != frozenset(waiting):
            self._waiting, self._since = frozenset(waiting), now
        elapsed = now - self._since
        due = {
            name: tuple(check for check in chosen if check.spec.settled <= elapsed)
            for name, chosen in self._checks.items()
            if name not in self._waiting and name not in unread
        }
        seen = self._ask(session, {name: chosen for name, chosen in due.items() if chosen}, left)
        self.settled = True
        results = [
            self._result(check, name, self._verdict(check, name, seen.get(name), elapsed))
            for name, chosen in sorted(self._checks.items())
            for check in chosen
        ]
        limits = {check.name: check.spec.within for chosen in self._checks.values() for check in chosen}
        late = {name for name, limit in limits.items() if limit is not None and elapsed >= limit}
        self.given_up = any(result.stops and result.name in late for result in results)
        return tuple(results)

    def _ask(
        self, session: FleetSession, checks: Mapping[str, tuple[Check, ...]], left: float
    ) -> dict[str, Seen]:
        """The devices' answers; one that gives none has not answered any part."""
        if not checks:
            return {}
        questions = {
            name: in_time(question(chosen, name, self._setting), left) for name, chosen in checks.items()
        }
        seen = {}
        for name, answer in session.look(questions).items():
            if isinstance(answer, DeviceError):
                asked = questions[name]
                parts = ("routes", "interfaces", "lldp", "pings", *(getter.key for getter in asked.getters))
                seen[name] = Seen(unanswered=dict.fromkeys(parts, answer.message))
            else:
                seen[name] = answer
        return seen

    def _verdict(self, check: Check, device: str, seen: Seen | None, elapsed: float) -> Verdict:
        waiting = self._waiting or frozenset()
        if device in waiting:
            return Verdict("pending", "its wave is still to come")
        if check.spec.settled > elapsed:
            self.settled = False
            return not_measured(
                f"it is looked at {check.spec.settled} s after the commit, and that was not reached"
            )
        if seen is None:
            return not_measured("no new login")
        found = judge(check, device, self._before.get(device, Seen()), seen, self._setting)
        return held_back(found, device, waiting, self._setting)

    def _result(self, check: Check, device: str, found: Verdict) -> CheckResult:
        told = found.status == "not_measured" and not found.decisive
        return CheckResult(
            name=check.name,
            device=device,
            status=found.status,
            detail=self._hide(device, found.detail),
            severity="warn" if told else check.spec.severity,
        )
