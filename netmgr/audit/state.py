"""The state of one device beside what the inventory expects: adjacencies, interfaces, cables, software. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from netmgr.errors import DeviceError
from netmgr.model.audit import AuditPart, Finding, Passed, Severity
from netmgr.model.change import CheckStatus
from netmgr.model.check_state import LldpNeighbor
from netmgr.model.intent import Adjacency, DeviceIntent
from netmgr.model.software import Software, version_in
from netmgr.model.state import AdjacencyState, InterfaceState


def said(
    part: AuditPart, check: str, status: CheckStatus, detail: str, *, rule: str | None, severity: Severity
) -> Finding | Passed:
    """One thing that was looked at. What nobody could tell is no error of the device."""
    if status == "passed":
        return Passed(part=part, check=check, rule=rule)
    if status == "not_measured" and severity == "error":
        severity = "warning"
    return Finding(part=part, check=check, rule=rule, status=status, severity=severity, detail=detail)


def adjacencies(
    expected: Iterable[Adjacency],
    seen: Iterable[AdjacencyState] | DeviceError,
    devices: Mapping[str, DeviceIntent],
) -> Iterator[Finding | Passed]:
    """Every adjacency that one device must have up; with a device in maintenance it may be down."""
    if isinstance(seen, DeviceError):
        yield said("state", "adjacencies", "not_measured", seen.message, rule=None, severity="error")
        return
    states = {(state.protocol, state.peer): state for state in seen}
    for adjacency in expected:
        state = states.get((adjacency.protocol, adjacency.peer))
        ends = [devices.get(adjacency.device), devices.get(adjacency.other or "")]
        maintained = any(device is not None and device.lifecycle == "maintenance" for device in ends)
        to = f" to {adjacency.other}" if adjacency.other else ""
        yield said(
            "state",
            f"{adjacency.protocol}_adjacency",
            "passed" if state and state.up else "failed",
            f"{adjacency.peer}{to}: {state.detail if state else 'not there'}",
            rule=f"{adjacency.protocol} {adjacency.peer}",
            severity="warning" if maintained else "error",
        )


def interfaces(
    device: DeviceIntent, actual: Iterable[InterfaceState] | None, devices: Mapping[str, DeviceIntent]
) -> Iterator[Finding | Passed]:
    """Every interface that a link leads from and nobody shuts has a carrier, as its cable is there."""
    if actual is None:
        return
    states = {state.name: state for state in actual}
    for name, peer, far in _links(device, devices):
        state = states.get(name)
        up = state is not None and state.enabled and state.carrier
        word = "not there" if state is None else "shut" if not state.enabled else "no carrier"
        maintained = "maintenance" in (device.lifecycle, far.lifecycle)
        yield said(
            "state",
            "interface",
            "passed" if up else "failed",
            f"{name} to {peer}: {word}",
            rule=name,
            severity="warning" if maintained else "error",
        )


def cabling(
    device: DeviceIntent,
    heard: Iterable[LldpNeighbor] | None,
    devices: Mapping[str, DeviceIntent],
) -> Iterator[Finding | Passed]:
    """Nobody else than topology.yaml says is heard with LLDP at the end of a link.

    Many devices send none unless they are told to: who is not heard is no error, and told.
    """
    links = [(name, peer) for name, peer, far in _links(device, devices) if far.lifecycle != "external"]
    neighbors = tuple(heard or ())
    silent = []
    for name, peer in links:
        names = [f"{one.device.split('.')[0]}:{one.port}" for one in neighbors if one.interface == name]
        if not names:
            silent.append(name)
            continue
        detail = f"{name}: {peer} expected, {', '.join(names)} heard"
        status: CheckStatus = "passed" if peer in names else "failed"
        yield said("state", "lldp", status, detail, rule=name, severity="error")
    if silent:
        detail = f"nobody is heard with LLDP on {', '.join(silent)}"
        yield said("state", "lldp", "not_measured", detail, rule=None, severity="info")


def _links(
    device: DeviceIntent, devices: Mapping[str, DeviceIntent]
) -> Iterator[tuple[str, str, DeviceIntent]]:
    """Interface, the link's other end, and its device: of links that are there and that neither end shuts."""
    for interface in device.interfaces:
        if not interface.enabled or interface.peer is None:
            continue
        far = devices.get(interface.peer[0])
        ends = [one for one in far.interfaces if one.name == interface.peer[1]] if far else []
        if far is not None and far.lifecycle != "planned" and all(one.enabled for one in ends):
            yield interface.name, ":".join(interface.peer), far


def software(
    platform: str, known: Software | None, version: str | None, why: str, today: date
) -> Iterator[Finding | Passed]:
    """The device's version beside what is known of its platform; ``why`` says why there is none."""
    if known is None:
        return
    if version is None:
        yield said("state", "version", "not_measured", why, rule=platform, severity="warning")
        return
    problem = known.problem(version_in(version), today)
    detail = f"{platform}: {problem} (looked up on {known.checked}: {known.source})"
    status: CheckStatus = "passed" if problem is None else "failed"
    yield said("state", "version", status, detail, rule=platform, severity="error")
    if known.stale(today):
        detail = (
            f"what is supported of {platform} was looked up on {known.checked}; look again: {known.source}"
        )
        yield said("state", "version", "not_measured", detail, rule=platform, severity="info")
