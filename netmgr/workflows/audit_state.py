"""State and reach of an audit: one look at the devices that were read, judged by what the inventory expects.

The checks of config/checks judge a change by the state before it. An audit knows no such state: what must hold is held
against one in which it did, so that nothing is excused.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from netmgr.audit.state import adjacencies, cabling, interfaces, said, software
from netmgr.audit.verdicts import Verdicts, together
from netmgr.change.check_judgement import both, judge, question
from netmgr.change.check_setting import Setting, setting
from netmgr.errors import DeviceError
from netmgr.intent.adjacency import adjacencies as expected_adjacencies
from netmgr.model.audit import AuditPart, Finding, Passed
from netmgr.model.check import InterfacesCheck, LldpCheck, ReachabilityCheck, RoutesCheck
from netmgr.model.check_state import Getter, Question, Routes, Seen
from netmgr.model.difference import hide_values
from netmgr.model.inventory import Device
from netmgr.model.origins import Origin
from netmgr.model.software import Software
from netmgr.model.state import InterfaceState, Observation
from netmgr.platforms.owned import in_part
from netmgr.ports.checks import Check
from netmgr.ports.fleet import FleetSession
from netmgr.workflows.planning import Design
from netmgr.workflows.runtime import Runtime

_NOWHERE = Origin("", 0)
#: What is tried without being asked for: from every loopback to every other one.
_LOOPBACKS = Check(name="loopbacks", spec=ReachabilityCheck(kind="reachability"), origin=_NOWHERE)
_FACTS = Getter(name="get_facts")


def look(
    runtime: Runtime,
    session: FleetSession,
    drawn: Design,
    seen: Mapping[str, Observation | DeviceError],
    *,
    parts: Collection[AuditPart],
    versions: Mapping[str, Software],
    checks: Collection[Check],
    today: date,
) -> dict[str, Verdicts]:
    """What ``parts`` (state, reach) say of each device that was read; ``checks`` are those made for the client."""
    read = {name: item for name, item in seen.items() if isinstance(item, Observation)}
    if not {"state", "reach"} & set(parts) or not read:
        return {}
    placed = {device.name: device for device in drawn.devices}
    asked = {name: _checks(placed[name], checks, parts) for name in read}
    expected = expected_adjacencies(drawn.intent)
    around = setting(
        drawn.intent,
        {
            name: in_part(drawn.intended[name], item.reading.running, runtime.forms[placed[name].platform])
            for name, item in read.items()
        },
        {name: item.reading.running for name, item in read.items()},
        expected=expected,
        forms=runtime.forms,
    )
    runtime.progress(f"look: {', '.join(part for part in ('state', 'reach') if part in parts)}")
    answers = _ask(session, asked, around, _besides(placed, versions) if "state" in parts else {})
    neighbors = session.adjacencies(list(read)) if "state" in parts else {}
    intents = {device.name: device for device in drawn.intent.devices}

    def judged(name: str) -> Iterator[Finding | Passed]:
        if "state" in parts:
            wanted = [one for one in expected if one.device == name]
            yield from adjacencies(wanted, neighbors[name], intents)
            yield from interfaces(intents[name], read[name].interfaces, intents)
            if not any(isinstance(check.spec, LldpCheck) for check in asked[name]):
                yield from cabling(intents[name], answers[name].lldp, intents)
            facts = answers[name].getters.get(_FACTS.key)
            version = facts.get("os_version") if isinstance(facts, dict) else None
            why = answers[name].unanswered.get(_FACTS.key, "the device tells no version")
            platform = placed[name].platform
            yield from software(
                platform, versions.get(platform), str(version) if version else None, why, today
            )
        for check in asked[name]:
            yield _result(check, name, answers[name], around)

    return {
        name: together(_hidden(one, {**drawn.secrets, **drawn.unresolved}) for one in judged(name))
        for name in read
    }


def _checks(device: Device, checks: Collection[Check], parts: Collection[AuditPart]) -> tuple[Check, ...]:
    """Those of config/checks for the device, and what is always tried where they do not speak of it."""
    ours = [check for check in checks if check.spec.selects(device) and device.lifecycle == "active"]
    state = [check for check in ours if not isinstance(check.spec, ReachabilityCheck)]
    reach = [check for check in ours if isinstance(check.spec, ReachabilityCheck)]
    chosen = state if "state" in parts else []
    return (*chosen, *([*reach, *([] if reach else [_LOOPBACKS])] if "reach" in parts else []))


def _besides(placed: Mapping[str, Device], versions: Mapping[str, Software]) -> dict[str, Question]:
    """What is asked for the state without any check: neighbors, and the version where it says something."""
    return {
        name: Question(lldp=True, getters=(_FACTS,) if device.platform in versions else ())
        for name, device in placed.items()
    }


def _ask(
    session: FleetSession,
    asked: Mapping[str, Collection[Check]],
    around: Setting,
    besides: Mapping[str, Question],
) -> dict[str, Seen]:
    """What each device answers to its checks, and to what is asked ``besides``."""
    questions = {
        name: both(question(checks, name, around), besides.get(name, Question()))
        for name, checks in asked.items()
    }
    asking = {name: one for name, one in questions.items() if one != Question()}
    return {
        **dict.fromkeys(questions, Seen()),
        **{
            name: _silent(asking[name], answer) if isinstance(answer, DeviceError) else answer
            for name, answer in session.look(asking).items()
        },
    }


def _silent(asked: Question, error: DeviceError) -> Seen:
    parts = ("routes", "interfaces", "lldp", "pings", *(getter.key for getter in asked.getters))
    return Seen(unanswered=dict.fromkeys(parts, error.message))


def _result(check: Check, device: str, seen: Seen, around: Setting) -> Finding | Passed:
    found = judge(check, device, _unexcused(check, seen), seen, around)
    spec = check.spec
    told = found.status == "not_measured" and not found.decisive
    return said(
        "reach" if isinstance(spec, ReachabilityCheck) else "state",
        spec.kind,
        found.status,
        f"{check.name}: {found.detail}",
        rule=check.name,
        severity="info" if told else "error" if spec.severity == "fail" else "warning",
    )


def _unexcused(check: Check, seen: Seen) -> Seen:
    """A state before in which all held that the check names, with as many routes as now."""
    spec = check.spec
    if isinstance(spec, RoutesCheck) and seen.routes is not None:
        present = frozenset(str(prefix) for prefix in spec.present)
        return Seen(routes=Routes(counts=seen.routes.counts, present=present))
    if isinstance(spec, InterfacesCheck):
        up = tuple(InterfaceState(name=name, enabled=True, addresses=frozenset()) for name in spec.up)
        return Seen(interfaces=up)
    return Seen()


def _hidden(one: Finding | Passed, secrets: Mapping[str, str]) -> Finding | Passed:
    """A device may have said a secret."""
    if isinstance(one, Finding):
        return one.model_copy(update={"detail": hide_values(one.detail, secrets)})
    return one
