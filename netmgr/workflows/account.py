"""What a transaction knows of its devices: how far each came, what went wrong there, and how it ended."""

from collections.abc import Callable, Iterable, Mapping

from netmgr.change.outcome import device_outcome
from netmgr.errors import DeviceError
from netmgr.model.change import CheckResult, CommitOrder, CommitState, DeviceOutcome


class Account:
    """The devices of one transaction. ``hide`` takes secrets out of what a device says. Times are the clock's."""

    def __init__(self, orders: Mapping[str, CommitOrder], hide: Callable[[str, str], str]) -> None:
        self.orders, self._hide = dict(orders), hide
        self.phase: dict[str, str] = dict.fromkeys(orders, "load")
        self.errors: dict[str, str] = {}
        self.committed: set[str] = set()
        self.answered: set[str] = set()
        """Those of ``committed`` whose answer to the commit arrived."""
        self.ends: dict[str, CommitState] = {}
        """What a device said last, once its commit was over."""
        self._earliest: dict[str, float] = {}
        self._latest: dict[str, float] = {}

    def only(self, names: Iterable[str]) -> dict[str, CommitOrder]:
        """The orders of these devices."""
        wanted = set(names)
        return {name: order for name, order in self.orders.items() if name in wanted}

    def enter(self, phase: str, names: Iterable[str]) -> None:
        """These devices are in ``phase`` now."""
        self.phase.update(dict.fromkeys(names, phase))

    def arm(self, names: Iterable[str], *, begun: float, answered: float) -> None:
        """These devices were told to commit between ``begun`` and ``answered``: since then their timers run."""
        for name in names:
            self.committed.add(name)
            self._earliest[name] = begun + self.orders[name].seconds
            self._latest[name] = answered + self.orders[name].seconds

    def expiry(self, names: Iterable[str]) -> float:
        """When the first of these devices' timers may end."""
        return min(self._earliest[name] for name in names)

    def deadline(self, names: Iterable[str]) -> float:
        """When the last of these devices' timers has surely ended."""
        return max(self._latest[name] for name in names)

    def note(self, answers: Mapping[str, object]) -> None:
        """Keep what went wrong."""
        for name, answer in answers.items():
            if isinstance(answer, DeviceError):
                self.errors[name] = self._hide(name, str(answer))
            elif isinstance(answer, CommitState) and answer.detail:
                # Why it went back was known before the device says that it was told to.
                self.errors.setdefault(name, self._hide(name, f"{name}: {self.phase[name]}: {answer.detail}"))

    def blame(self, failing: Iterable[CheckResult]) -> None:
        """Keep which check a device failed."""
        for check in failing:
            self.errors.setdefault(check.device, f"{check.device}: check: {check.name}: {check.detail}")

    def told(self, name: str, outcome: DeviceOutcome) -> str | None:
        """What a reader of the result has to know: why the device is not as planned, or what it said at the end."""
        if outcome != "applied" or self.phase[name] == "compensation":
            return self.errors.get(name)
        end = self.ends.get(name)
        return self._hide(name, f"{name}: {self.phase[name]}: {end.detail}") if end and end.detail else None

    def outcomes(self) -> dict[str, DeviceOutcome]:
        """Each device's outcome by the digest that it reads at the end."""
        return {name: self._outcome(name, order) for name, order in self.orders.items()}

    def _outcome(self, name: str, order: CommitOrder) -> DeviceOutcome:
        if name not in self.committed:
            return "refused"
        end = self.ends.get(name)
        return device_outcome(
            running=end.running if end else None,
            before=order.expected,
            after=order.after,
            # A device that knows nothing of the commit was never changed by it, or has booted since it said so.
            committed=end is None or end.state != "unknown" or name in self.answered,
        )
