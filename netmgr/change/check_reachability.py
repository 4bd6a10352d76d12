"""Which addresses are to answer from a device, and whether they do."""

from ipaddress import ip_address

from netmgr.change.check_points import Point, Points, Verdict, not_measured, verdict
from netmgr.change.check_setting import Setting
from netmgr.model.check import ReachabilityCheck
from netmgr.model.check_state import Ping
from netmgr.model.scope import fits

Replies = frozenset[Ping]


def pings(spec: ReachabilityCheck, device: str, setting: Setting) -> dict[Ping, str]:
    """What to ask of ``device``: ping → the device that has the address, empty for a stated one."""
    globs = spec.loopbacks or (() if spec.addresses else ("*",))
    own = {ip_address(address).version: address for address in setting.loopbacks.get(device, ())}
    found = {
        Ping(destination=address, source=own.get(ip_address(address).version)): other
        for other, addresses in setting.loopbacks.items()
        if other != device and fits(other, globs)
        for address in addresses
    }
    return found | {Ping(destination=str(address)): "" for address in spec.addresses}


def judge_reachability(
    spec: ReachabilityCheck, device: str, before: Replies | None, now: Replies, setting: Setting
) -> Verdict:
    """Whoever answered before must answer; and so must an address that the change adds."""
    asked = pings(spec, device, setting)
    if not asked:
        return not_measured("there is no address to reach from here", decisive=False)
    # What could not answer before, because it was not there, is no excuse.
    standing = {ping: other for ping, other in asked.items() if not _is_fresh(ping, device, other, setting)}
    known = {} if before is None else _points(standing, before)
    points = _points(asked, now)
    return verdict(points, known, passed=f"{len(points)} addresses answer")


def _points(asked: dict[Ping, str], replied: Replies) -> Points:
    return {
        f"{ping.source} {ping.destination}": Point(
            ping in replied, f"{other} {ping.destination}: no answer".lstrip(), about=other
        )
        for ping, other in asked.items()
    }


def _is_fresh(ping: Ping, device: str, other: str, setting: Setting) -> bool:
    return (other, ping.destination) in setting.fresh or (device, ping.source) in setting.fresh
