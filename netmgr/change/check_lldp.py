"""Who is heard with LLDP on each link, beside what topology.yaml says."""

from netmgr.change.check_points import Point, Points, Verdict, verdict
from netmgr.change.check_setting import Setting
from netmgr.model.check_state import LldpNeighbor

Neighbors = tuple[LldpNeighbor, ...]


def judge_lldp(device: str, before: Neighbors | None, now: Neighbors, setting: Setting) -> Verdict:
    """Every link of the device that neither end shuts must show its other end, unless it did not before."""
    points = _points(device, now, setting)
    known = {} if before is None else _points(device, before, setting)
    return verdict(points, known, passed=f"{len(points)} neighbors as in topology.yaml")


def _points(device: str, heard: Neighbors, setting: Setting) -> Points:
    points = {}
    for near, far in sorted(setting.links.items()):
        if near[0] != device or near in setting.shut or far in setting.shut:
            continue
        other = setting.devices[far[0]]
        ends = [
            one for one in (*setting.devices[device].interfaces, *other.interfaces) if one.peer in (near, far)
        ]
        if other.lifecycle in ("planned", "external") or not all(one.enabled for one in ends):
            continue
        here = [one for one in heard if one.interface == near[1]]
        wanted, names = f"{far[0]}:{far[1]}", [f"{one.device}:{one.port}" for one in here]
        points[near[1]] = Point(
            any(one.device.split(".")[0] == far[0] and one.port == far[1] for one in here),
            f"{near[1]}: {wanted} expected, {', '.join(names) or 'nobody'} heard",
        )
    return points
