"""A check on one device: what to ask, and what to say of the answers. Pure: a deploy and an audit may both use it."""

from collections.abc import Iterable, Mapping

from netmgr.change.check_interfaces import judge_interfaces
from netmgr.change.check_lldp import judge_lldp
from netmgr.change.check_napalm import judge_napalm
from netmgr.change.check_points import Verdict, not_measured
from netmgr.change.check_reachability import judge_reachability, pings
from netmgr.change.check_routes import judge_routes
from netmgr.change.check_setting import Setting
from netmgr.model.check import InterfacesCheck, LldpCheck, ReachabilityCheck, RoutesCheck
from netmgr.model.check_state import Getter, Part, Question, Seen
from netmgr.ports.checks import Check, CheckPlugin

#: How many pings a device sends at a time (napalm_frr's sweep).
PINGS_AT_ONCE = 32


def question(checks: Iterable[Check], device: str, setting: Setting) -> Question:
    """Everything that the checks want to know of one device."""
    asked = Question()
    for check in checks:
        asked = both(asked, _question(check, device, setting))
    return asked


def in_time(asked: Question, left: float) -> Question:
    """The question as it can be answered in ``left`` seconds: with shorter waits for replies, or without any ping."""
    rounds = len(asked.pings) / PINGS_AT_ONCE + 1
    if rounds * asked.wait <= left:
        return asked
    if rounds > left:
        return asked.model_copy(update={"pings": ()})
    return asked.model_copy(update={"wait": int(left / rounds)})


def judge(check: Check, device: str, before: Seen, now: Seen, setting: Setting) -> Verdict:
    """What the check says of the device, whose state was ``before`` and is ``now``."""
    spec = check.spec
    match spec:
        case RoutesCheck():
            if now.routes is None:
                return _unanswered("routes", before, now)
            return judge_routes(spec, before.routes, now.routes)
        case InterfacesCheck():
            if now.interfaces is None:
                return _unanswered("interfaces", before, now)
            return judge_interfaces(spec, device, before.interfaces, now.interfaces, setting)
        case LldpCheck():
            if now.lldp is None:
                return _unanswered("lldp", before, now)
            return judge_lldp(device, before.lldp, now.lldp, setting)
        case ReachabilityCheck():
            if now.replied is None and pings(spec, device, setting):
                return _unanswered("pings", before, now)
            return judge_reachability(spec, device, before.replied, now.replied or frozenset(), setting)
    if check.plugin is not None:
        return _plugged(check, check.plugin, device, before, now)
    return judge_napalm(check.rules, before.getters, now.getters, now.unanswered)


def held_back(found: Verdict, device: str, waiting: frozenset[str], setting: Setting) -> Verdict:
    """A failure next to a device that is still to be changed is pending: the later wave may put it right."""
    ends = {device, *found.about}
    near = ends.union(*(setting.neighbors.get(end, frozenset()) for end in ends))
    later = sorted(waiting & near)
    if found.status != "failed" or not later:
        return found
    return Verdict("pending", f"{found.detail} (a later wave changes {', '.join(later)})")


def _question(check: Check, device: str, setting: Setting) -> Question:
    spec = check.spec
    match spec:
        case RoutesCheck():
            return Question(routes=True, prefixes=tuple(str(prefix) for prefix in spec.present))
        case InterfacesCheck():
            return Question(interfaces=True)
        case LldpCheck():
            return Question(lldp=True)
        case ReachabilityCheck():
            return Question(pings=tuple(pings(spec, device, setting)), wait=spec.wait)
    if check.plugin is not None:
        return Question(getters=tuple(Getter(name=name) for name in check.plugin.getters))
    return Question(getters=tuple(rule.getter for rule in check.rules))


def both(one: Question, other: Question) -> Question:
    """All that either asks."""
    getters = {getter.key: getter for getter in (*one.getters, *other.getters)}
    return Question(
        routes=one.routes or other.routes,
        prefixes=tuple(dict.fromkeys((*one.prefixes, *other.prefixes))),
        interfaces=one.interfaces or other.interfaces,
        lldp=one.lldp or other.lldp,
        pings=tuple(dict.fromkeys((*one.pings, *other.pings))),
        wait=max(one.wait, other.wait),
        getters=tuple(getters.values()),
    )


def _unanswered(part: Part, before: Seen, now: Seen) -> Verdict:
    """LLDP that did not run before either is no fault of anybody: it is looked at where it runs."""
    nowhere = part == "lldp" and before.lldp is None
    return not_measured(now.unanswered.get(part, "there was no time to ask"), decisive=not nowhere)


def _plugged(check: Check, plugin: CheckPlugin, device: str, before: Seen, now: Seen) -> Verdict:
    missing = [name for name in plugin.getters if name not in now.getters]
    if missing:
        return not_measured(f"{missing[0]}: {now.unanswered.get(missing[0], 'no answer')}")
    options: Mapping[str, object] = getattr(check.spec, "options", {})
    known = all(name in before.getters for name in plugin.getters)
    try:
        status, detail = plugin.judge(
            device,
            {name: before.getters[name] for name in plugin.getters} if known else None,
            {name: now.getters[name] for name in plugin.getters},
            options,
        )
    except Exception as error:  # noqa: BLE001 - somebody else's code: what it cannot judge was not measured
        return not_measured(f"{check.spec.kind}: {type(error).__name__}: {' '.join(str(error).split())}")
    return Verdict(status, " ".join(detail.split()))
