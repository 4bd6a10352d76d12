"""The first thing after a commit: each device lets a new login in, and reads as planned."""

from collections.abc import Mapping

from netmgr.errors import DeviceError
from netmgr.model.change import CheckResult, CheckStatus, CommitOrder, CommitState


def management(
    orders: Mapping[str, CommitOrder],
    logins: Mapping[str, DeviceError | None],
    states: Mapping[str, CommitState | DeviceError],
) -> tuple[CheckResult, ...]:
    """For each order: a new login, and the configuration read back over it equals the plan."""
    results = []
    for name, order in sorted(orders.items()):
        state = states.get(name)
        if state is None:
            login = logins[name]
            detail = login.message if login is not None else "no answer"
            results.append(CheckResult(name="management", device=name, status="failed", detail=detail))
            continue
        results.append(CheckResult(name="management", device=name, status="passed", detail="new login"))
        fault = _fault(state, order)
        status: CheckStatus = "failed" if fault else "passed"
        results.append(
            CheckResult(name="read_back", device=name, status=status, detail=fault or "as planned")
        )
    return tuple(results)


def _fault(state: CommitState | DeviceError, order: CommitOrder) -> str | None:
    """What keeps a device from being pending with exactly the planned configuration."""
    if isinstance(state, DeviceError):
        return state.message
    if state.state != "pending":
        return state.state
    return None if state.running == order.after else "the configuration read back is not the planned one"
