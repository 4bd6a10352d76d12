"""What may go wrong on one device of a change, phase by phase; each says whether it has happened."""

from collections.abc import Callable
from dataclasses import dataclass, field

from netmgr.adapters.fleet_memory import MemoryDevice
from netmgr.errors import ConfigRejected, DeviceError, Fenced


class LineLost(DeviceError):
    """The answer to an order did not arrive."""

    kind = "unreachable"


@dataclass
class Case:
    """One fault on its way: ``fired`` counts how often it has struck."""

    device: MemoryDevice
    fired: int = 0
    kept: dict[str, object] = field(default_factory=dict)

    def at(self, phase: str, strike: Callable[[MemoryDevice], None], *, once: bool = True) -> None:
        """``strike`` in this phase, the first time only unless told otherwise."""

        def fault(device: MemoryDevice) -> None:
            self.fired += 1
            if once:
                device.faults.pop(phase, None)
            strike(device)

        self.device.faults[phase] = fault


def _raising(phase: str, error: Callable[..., DeviceError], words: str) -> Callable[[MemoryDevice], None]:
    def strike(device: MemoryDevice) -> None:
        raise error(device.name, phase, words)

    return strike


def _away_until_its_timer_ends(device: MemoryDevice) -> None:
    def come_back(device: MemoryDevice) -> None:
        device.tick()
        if device.pending is None:
            device.reachable = True
            device.faults.pop("relogin", None)

    device.reachable = False
    device.faults["relogin"] = come_back
    raise LineLost(device.name, "commit", "the connection broke")


def _away_for_good(device: MemoryDevice) -> None:
    device.reachable = False
    raise LineLost(device.name, "commit", "the connection broke")


def _back_by_itself(device: MemoryDevice) -> None:
    device.end("rolled_back", device.before)


def _reads_otherwise(device: MemoryDevice) -> None:
    device.running += "ip route 192.0.2.0/24 blackhole\n"


def _sessions_stay_down(device: MemoryDevice) -> None:
    sessions, old = device.adjacencies, device.before

    def down(device: MemoryDevice):
        if device.running == old:
            return sessions(device)
        return tuple(s.model_copy(update={"up": False, "detail": "Active"}) for s in sessions(device))

    device.adjacencies = down


def _no_new_login(case: Case) -> None:
    def refuse(device: MemoryDevice) -> None:
        device.tick()
        if device.pending:
            case.fired += 1
            raise LineLost(device.name, "connect", "login as admin refused")

    case.device.faults["relogin"] = refuse


def _at(phase: str, strike: Callable[[MemoryDevice], None]) -> Callable[[Case], None]:
    return lambda case: case.at(phase, strike)


def _doomed_then(phase: str, strike: Callable[[MemoryDevice], None]) -> Callable[[Case], None]:
    """The change goes back because this device reads otherwise, and then this happens as well."""

    def arm(case: Case) -> None:
        case.at("commit:after", _reads_otherwise)
        case.at(phase, strike)

    return arm


lost = _raising("commit", LineLost, "no answer")

#: Before the decision to confirm: everything goes back.
BEFORE = {
    "load: a line is refused": _at("load", _raising("load", ConfigRejected, "line 3: Unknown command")),
    "load: no answer": _at("load", _raising("load", LineLost, "no answer")),
    "commit: refused by the device": _at("commit", _raising("commit", Fenced, "drift")),
    "commit: the order is lost": _at("commit", lost),
    "commit: cuts its own management": _at("commit:after", _away_until_its_timer_ends),
    "commit: goes back by itself": _at("commit:after", _back_by_itself),
    "commit: reads otherwise": _at("commit:after", _reads_otherwise),
    "commit: dies": _at("commit:after", _away_for_good),
    "check: no new login": _no_new_login,
    "check: its sessions stay down": _at("commit:after", _sessions_stay_down),
    "check: goes back by itself": _at("commit_state", _back_by_itself),
    "rollback: the order is lost": _doomed_then("abort", lost),
    "rollback: the answer is lost": _doomed_then("abort:after", lost),
    "rollback: away until its timer ends": _doomed_then("abort", _away_until_its_timer_ends),
}

#: While the decision is carried out: one network all the same, new or old.
CONFIRM = {
    "commit: the answer is lost": _at("commit:after", lost),
    "confirm: the order is lost": _at("confirm", lost),
    "confirm: the answer is lost": _at("confirm:after", lost),
    "confirm: away until its timer ends": _at("confirm", _away_until_its_timer_ends),
    "confirm: its timer ends just before": _at("confirm", _back_by_itself),
    "confirm: dies before": _at("confirm", _away_for_good),
    "confirm: dies after": _at("confirm:after", _away_for_good),
}

#: Faults after which a device cannot be read any more: in doubt, and said so.
FOR_GOOD = {name for name in {**BEFORE, **CONFIRM} if "dies" in name}
