"""How many routes are in use, and which must be."""

from netmgr.change.check_points import Point, Points, Verdict, not_measured, verdict
from netmgr.model.check import RoutesCheck
from netmgr.model.check_state import Routes


def judge_routes(spec: RoutesCheck, before: Routes | None, now: Routes) -> Verdict:
    """Losses beyond the tolerance fail, by table and protocol; so does a stated prefix that has gone."""
    if before is None:
        return not_measured("the routes before the change are not known")
    counted = _counted(spec, before, now)
    stated = _stated(spec, now)
    totals = [f"{table} {number}" for table, number in sorted(now.counts.items()) if _asked_for(spec, table)]
    passed = ", ".join(totals) or "no routes, as before"
    return verdict({**counted, **stated}, _stated(spec, before), passed=passed)


def _counted(spec: RoutesCheck, before: Routes, now: Routes) -> Points:
    points = {}
    for table in sorted({*before.counts, *now.counts}):
        if not _asked_for(spec, table):
            continue
        was, is_now = before.counts.get(table, 0), now.counts.get(table, 0)
        if is_now < was:
            holds, tolerated = was - is_now <= spec.lose_at_most.of(was), f"at most {spec.lose_at_most} lost"
        else:
            gain = spec.gain_at_most
            holds, tolerated = gain is None or is_now - was <= gain.of(was), f"at most {gain} gained"
        points[table] = Point(holds, f"{table}: {is_now} routes, {was} before ({tolerated})")
    return points


def _stated(spec: RoutesCheck, routes: Routes) -> Points:
    return {
        f"prefix {prefix}": Point(str(prefix) in routes.present, f"{prefix}: no route")
        for prefix in spec.present
    }


def _asked_for(spec: RoutesCheck, table: str) -> bool:
    """``table`` is a family and a protocol: ``ipv6 bgp``."""
    return not spec.protocols or table.rpartition(" ")[2] in spec.protocols
