"""Interfaces that were up stay up, unless somebody shuts them on purpose."""

from collections.abc import Iterable

from netmgr.change.check_points import Point, Points, Verdict, not_measured, verdict
from netmgr.change.check_setting import Setting
from netmgr.model.check import InterfacesCheck
from netmgr.model.state import InterfaceState

Interfaces = tuple[InterfaceState, ...]


def judge_interfaces(
    spec: InterfacesCheck, device: str, before: Interfaces | None, now: Interfaces, setting: Setting
) -> Verdict:
    """An interface that the change shuts, or whose other end it shuts, may go down."""
    if before is None:
        return not_measured("the interfaces before the change are not known")
    purposely = {name: why for name in _names(before) if (why := _on_purpose(device, name, setting))}
    wanted = [one.name for one in before if _up(one) and one.name not in purposely] + list(spec.up)
    points = _points(wanted, now)
    down = [
        f"{name} {purposely[name]}"
        for name in sorted(purposely)
        if name in _names(o for o in now if not _up(o))
    ]
    passed = f"{sum(point.holds for point in points.values())} up"
    return verdict(points, _points(wanted, before), passed="; ".join([passed, *down]))


def _points(wanted: Iterable[str], interfaces: Interfaces) -> Points:
    states = {one.name: one for one in interfaces}
    return {
        name: Point(name in states and _up(states[name]), f"{name}: {_word(states.get(name))}")
        for name in wanted
    }


def _on_purpose(device: str, interface: str, setting: Setting) -> str | None:
    if (device, interface) in setting.shut:
        return "is shut by this change"
    far = setting.links.get((device, interface))
    return (
        f"is down: its other end {far[0]}:{far[1]} is shut on purpose"
        if far in setting.shut and far
        else None
    )


def _up(state: InterfaceState) -> bool:
    return state.enabled and state.carrier


def _word(state: InterfaceState | None) -> str:
    if state is None:
        return "not there"
    return "up" if _up(state) else "no carrier" if state.enabled else "shut"


def _names(interfaces: Iterable[InterfaceState]) -> set[str]:
    return {one.name for one in interfaces}
