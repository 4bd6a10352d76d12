"""Rehearsing a plan: the same change, made by the same code on a twin of the network that nobody else uses."""

import dataclasses
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from netmgr.change import rehearsal as judging
from netmgr.change.checks import Key
from netmgr.errors import DeviceError, LabError
from netmgr.intent.adjacency import adjacencies
from netmgr.model.change import DeployResult, Plan
from netmgr.model.check_state import Question, Routes
from netmgr.model.lab import LabStatus
from netmgr.model.rehearsal import Rehearsal, RehearsedDevice
from netmgr.model.selection import Selection
from netmgr.ports.lab import Twin
from netmgr.workflows.change import Change
from netmgr.workflows.deploy import as_given, refuse_foreign, saved, writing
from netmgr.workflows.gates import DeployRequest
from netmgr.workflows.lab import twin_network
from netmgr.workflows.planning import Design, Prepared, design, prepare
from netmgr.workflows.rehearsal_watch import State, Watch
from netmgr.workflows.rehearsed import note
from netmgr.workflows.running import NetworkNow, every_device, network_now, ours
from netmgr.workflows.runtime import Boot, Runtime
from netmgr.workflows.twin import OnTheTwin, logged_in

#: Seconds between two probes of a pair: nothing shorter is measured.
INTERVAL = 0.05


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is rehearsed, and on which network: all that is read before the twin boots."""

    drawn: Design
    prepared: Prepared
    now: NetworkNow
    up: frozenset[Key]
    """Adjacencies that are up in the network."""
    counts: Mapping[str, Routes]
    """What the network's devices say of how many routes they have."""


def rehearse(
    runtime: Runtime,
    boot: Boot,
    selection: Selection,
    request: DeployRequest,
    *,
    given: Plan | None,
    lldp: bool = False,
) -> Rehearsal | Plan:
    """Make the change on a twin, and say what it did there. The network, and the client's own lab, are only read.

    The plan itself where it changes nothing. ``lldp`` has lldpd run on the twin's devices.

    Raises Refused(stale_plan) for a plan that a deploy would refuse as stale, LabError where no twin can be booted.
    """
    runtime.require("read")
    started = runtime.clock.monotonic()
    if given:
        refuse_foreign(runtime, given)
    wanted = _read(runtime, selection, request, given)
    if not wanted.prepared.plan.changed:
        return wanted.prepared.plan
    read = runtime.clock.monotonic()
    for name, error in wanted.prepared.plan.unreachable.items():
        runtime.progress(f"not rehearsed: {name}: {error}")
    network = twin_network(runtime, wanted.now, lldp=lldp)
    try:
        with boot(runtime, network, runtime.progress) as (twin, there):
            booted = runtime.clock.monotonic()
            inside = dataclasses.replace(there, progress=OnTheTwin(runtime.progress))
            made = _on_the_twin(runtime, twin, inside, wanted, request)
    except LabError as error:
        raise wanted.now.hidden(runtime, error) from None
    seconds = {"read": read - started, "boot": booted - read, **made.seconds}
    seconds["all"] = runtime.clock.monotonic() - started
    made = made.model_copy(update={"seconds": {name: round(value, 1) for name, value in seconds.items()}})
    note(runtime, made)
    return made


def _read(runtime: Runtime, selection: Selection, request: DeployRequest, given: Plan | None) -> Wanted:
    """The plan, made or made again, and the network that it is for."""
    drawn = design(runtime, Selection(names=given.limit) if given else selection)
    whole = every_device(runtime)
    with runtime.fleet.session(runtime.endpoints(ours(whole))) as session:
        prepared = prepare(
            runtime,
            session,
            drawn,
            confirm_in=request.confirm_in or (given.asked if given else None),
            canary=request.canary or (given.canary if given else None),
        )
        if given:
            prepared = as_given(given, prepared)
        else:
            runtime.plans.save(runtime.client, prepared.plan.id, saved(prepared.plan))
        now = network_now(
            runtime,
            session,
            whole,
            readings=prepared.readings,
            unreachable=prepared.plan.unreachable,
        )
        read = [one.device for one in now.devices if one.source == "running"]
        states = session.adjacencies(read)
        seen = session.look(dict.fromkeys(read, Question(routes=True)))
    return Wanted(
        drawn=drawn,
        prepared=prepared,
        now=now,
        up=frozenset(
            (name, state.protocol, state.peer)
            for name, answer in states.items()
            if not isinstance(answer, DeviceError)
            for state in answer
            if state.up
        ),
        counts={
            name: answer.routes
            for name, answer in seen.items()
            if not isinstance(answer, DeviceError) and answer.routes is not None
        },
    )


def _on_the_twin(
    runtime: Runtime, twin: Twin, inside: Runtime, wanted: Wanted, request: DeployRequest
) -> Rehearsal:
    """The change, with what is measured before, while and after it is made."""
    clock, plan, drawn = runtime.clock, wanted.prepared.plan, wanted.now.drawn
    devices = _devices(twin, wanted.now, runtime.client)
    emulated = frozenset(device.device for device in devices if device.kind == "emulated")
    loopbacks = judging.loopbacks(drawn.intent, runtime.forms)
    ours = {name: own for name, own in loopbacks.items() if name in drawn.intended}
    real = {name: own for name, own in ours.items() if name not in emulated}
    entry = drawn.inventory.entry
    probed, pairs = judging.probed_pairs(real, entry), judging.tried_pairs(real, entry)
    believed = judging.tried_pairs({name: own for name, own in ours.items() if name in emulated}, entry)
    begun = clock.monotonic()
    with inside.fleet.session(inside.endpoints(drawn.devices)) as session:
        watch = Watch(inside, session, twin, logged_in(session, drawn.intended), inside.progress)
        unlike = watch.becomes_like(wanted.up, wanted.counts, ours=lambda key: _ours(wanted, key, emulated))
        before = watch.state(pairs)
        converged = clock.monotonic()
        with twin.probing([pair for pair in probed if pair in before.connected], INTERVAL) as probing:
            result, differing = _change(inside, wanted, request, emulated)
            changed = clock.monotonic()
            kept = _kept(wanted, before, result)
            unsettled = watch.comes_to_rest(kept, probing)
            losses, after = probing.losses(), watch.state(before.connected)
    connected = before.connected | judging.routed_pairs(believed, before.forwarding)
    cut = judging.lost_pairs(
        sorted(connected, key=repr), after.connected | judging.routed_pairs(believed, after.forwarding)
    )
    why = judging.reasons(
        change=result.outcome,
        errors=[device.error for device in result.devices if device.error],
        partitions=cut,
        unlike=[" ".join(key) for key in sorted(unlike) if _ours(wanted, key, emulated)],
        unsettled=unsettled,
    )
    return Rehearsal(
        id=clock.new_id(),
        plan=plan.id,
        client=runtime.client,
        target=runtime.target,
        time=clock.now().isoformat(timespec="seconds"),
        basis=judging.rehearsed_digest(plan),
        outcome="failed" if why else "passed",
        reasons=why,
        warnings=(
            *wanted.now.warnings,
            *judging.emulated_words(emulated),
            *(f"{name} is no part of the plan: it could not be read" for name in plan.unreachable),
            *(
                f"not in the twin: {' '.join(key)} (up in the network, with a router that is not ours or emulated)"
                for key in sorted(unlike)
                if not _ours(wanted, key, emulated)
            ),
            *(f"{name} does not run the same on the twin as in the network" for name in differing),
        ),
        change=result.outcome,
        devices=devices,
        adjacencies_lost=judging.adjacencies_gone(before.up, after.up),
        adjacencies_gained=judging.adjacencies_gone(after.up, before.up),
        routes=judging.changed_routes(before.forwarding, after.forwarding),
        partitions=cut,
        pairs=len(connected),
        probed=len(losses),
        interval=INTERVAL,
        outages=judging.outages(losses),
        seconds={
            "converge": converged - begun,
            "change": changed - converged,
            "rest": clock.monotonic() - changed,
        },
    )


def _change(
    inside: Runtime, wanted: Wanted, request: DeployRequest, emulated: Collection[str]
) -> tuple[DeployResult, list[str]]:
    """Made as a deploy makes it; and the devices that ran something else on the twin than in the network."""
    plan, read = wanted.prepared.plan, wanted.prepared.readings
    # On the twin every device answers; one that the plan could not read is no part of it there either.
    drawn = dataclasses.replace(
        wanted.drawn, devices=tuple(device for device in wanted.drawn.devices if device.name in read)
    )
    with writing(inside) as lease, inside.fleet.session(inside.endpoints(drawn.devices)) as session:
        prepared = prepare(inside, session, drawn, confirm_in=plan.asked, canary=plan.canary)
        expected = tuple(a for a in prepared.expected if judging.can_form(a.device, a.other, emulated))
        prepared = dataclasses.replace(prepared, expected=expected)
        change = Change(
            inside, session, lease, prepared, request, action="rehearse", started=inside.clock.monotonic()
        )
        result = change.run(lambda _: True)
    differing = [name for name, here in prepared.readings.items() if here.digest != read[name].digest]
    return result, differing


def _ours(wanted: Wanted, key: Key, emulated: Collection[str]) -> bool:
    """Whether the other end of an adjacency is one of ours and can be heard, so that the twin must have it."""
    device, protocol, peer = key
    devices = {one.name: one for one in wanted.now.drawn.intent.devices}
    if protocol == "bgp":
        others = {
            str(ip): one.name
            for one in devices.values()
            for interface in one.interfaces
            for ip in (*(a.ip for a in interface.ipv4), *(a.ip for a in interface.ipv6))
        }
        other = others.get(peer)
    else:
        links = {interface.name: interface.peer for interface in devices[device].interfaces}
        end = links.get(peer)
        other = end[0] if end else None
    if other is None or not judging.can_form(device, other, emulated):
        return False
    return devices[other].lifecycle in ("active", "maintenance")


def _kept(wanted: Wanted, before: State, result: DeployResult) -> frozenset[Key]:
    """The adjacencies that must be up again after the change: after one that went back, all of them."""
    if result.outcome != "applied":
        return before.up
    expected = {(one.device, one.protocol, one.peer) for one in adjacencies(wanted.now.drawn.intent)}
    return before.up & expected


def _devices(twin: Twin, now: NetworkNow, client: str) -> tuple[RehearsedDevice, ...]:
    """What was booted, real or emulated, and with what."""
    status = twin.lab.status(client) or LabStatus(client=client, devices=())
    sources = {one.device: one for one in now.devices}
    return tuple(
        RehearsedDevice(
            device=device.device,
            platform=device.platform,
            kind=device.kind,
            source=sources[device.device].source if device.device in sources else "intended",
            detail=sources[device.device].detail if device.device in sources else None,
        )
        for device in status.devices
    )
