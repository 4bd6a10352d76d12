"""Recover: finish what the log says was decided, or take back what was not; the devices say how it ended."""

from netmgr.errors import DeviceError, Refused
from netmgr.model.change import CommitOrder, Decision, DeployResult, IntentFacts
from netmgr.model.entry import Entry
from netmgr.ports.locks import Lease
from netmgr.workflows import change_log
from netmgr.workflows.backup import after_change
from netmgr.workflows.checking import Suite
from netmgr.workflows.deploy import writing
from netmgr.workflows.quoted import hiding
from netmgr.workflows.runtime import Runtime
from netmgr.workflows.transaction import Transaction
from netmgr.workflows.unresolved import unresolved


def recover(runtime: Runtime) -> tuple[DeployResult, ...]:
    """Close every open change of the client and target, the newest first: a compensation before what it answers.

    What ended in doubt, or mixed, is read again. Sends no configuration.
    """
    with writing(runtime) as lease:
        intents = runtime.log.open_intents(runtime.client, runtime.target)
        closed = tuple(_close(runtime, entry, lease) for entry in reversed(intents))
        ended = {result.change for result in closed}
        again = (entry for entry in unresolved(runtime) if entry.change not in ended)
        return (*closed, *(_close(runtime, entry, lease, over=True) for entry in again))


def confirm(runtime: Runtime, change: str) -> DeployResult:
    """Confirm a held change. Raises Refused when the change is not open, or not held."""
    with writing(runtime) as lease:
        intents = {entry.change: entry for entry in runtime.log.open_intents(runtime.client, runtime.target)}
        if change not in intents:
            raise Refused("confirm", f"change {change} is not open", "`netmgr log list` shows how it ended")
        if decided(runtime, change) != "hold":
            raise Refused(
                "confirm", f"change {change} is not held", f"run `netmgr recover -c {runtime.client}`"
            )
        lease.ensure()
        change_log.decision(runtime, change, "confirm", intents[change].action)
        return _close(runtime, intents[change], lease)


def decided(runtime: Runtime, change: str) -> Decision | None:
    """The last decision that the log holds for a change."""
    return next(reversed(_decisions(runtime, change)), (0, None))[1]


def _decisions(runtime: Runtime, change: str) -> list[tuple[int, Decision]]:
    """(wave, decision) of a change, in their order; wave 0 stands for all that were not decided by themselves."""
    return [
        (entry.facts.get("wave", 0), entry.facts["decision"])
        for entry in runtime.log.entries(runtime.client, change=change)
        if entry.phase == "decision"
    ]


def _close(runtime: Runtime, intent: Entry, lease: Lease, *, over: bool = False) -> DeployResult:
    """Carry out what the log says was decided; where nothing was, log the abort first.

    ``over``: it was carried out before as far as it could be, and every timer has ended since.
    """
    started = runtime.clock.monotonic()
    change, facts = str(intent.change), IntentFacts.parse(intent.facts)
    waves = facts.waves or (tuple(item.device for item in facts.devices),)
    lease.ensure()
    words = _words(runtime, change, len(waves), intent.action)
    orders = {
        item.device: CommitOrder(
            change=change,
            commit=item.commit,
            epoch=lease.epoch,
            expected=item.before,
            after=item.after,
            seconds=0 if over else facts.confirm_in,
            message="recover",
            takes_over=True,
        )
        for item in facts.devices
    }
    inventory = runtime.inventories.load(runtime.client, overlay=runtime.overlay)
    devices = [device for device in inventory.devices if device.name in orders]
    gone = sorted(set(orders) - {device.name for device in devices})
    if gone:
        raise Refused(
            "inventory",
            f"change {change} touched {', '.join(gone)}, which the inventory does not name any more",
            "put it back into hosts.yaml, so that it can be read",
        )
    with runtime.fleet.session(runtime.endpoints(devices)) as session:
        said = ", ".join(sorted(set(words)))
        runtime.progress(f"recover {change}: {said} on {len(orders)} devices")
        logins = session.connect(orders)
        transaction = Transaction(
            runtime,
            session,
            lease,
            orders=orders,
            waves=waves,
            needed=(),
            candidates={},
            others=(),
            # Nothing of a configuration is sent, but a device that commits or goes back may quote what it has.
            hide=hiding(runtime, devices, {item.device: item.snapshot for item in facts.devices}),
            plan=facts.plan,
            started=started,
            suite=Suite.of_nothing(runtime),
            action=intent.action,
        )
        transaction.resume(
            {name: answer for name, answer in logins.items() if isinstance(answer, DeviceError)}
        )
        result = transaction.conclude(words)
        after_change(runtime, session, inventory, [result])
        return result


def _words(runtime: Runtime, change: str, waves: int, action: str) -> tuple[Decision, ...]:
    """What becomes of each wave. Nobody decided: it is taken back, and the log says so first."""
    logged: dict[int, Decision] = {}
    for wave, word in _decisions(runtime, change):
        # The first word stands, and after one for all no other: a later one is by somebody who was replaced meanwhile.
        if word != "hold" and 0 not in logged:
            logged.setdefault(wave, word)
    words = [logged.get(number, logged.get(0)) for number in range(1, waves + 1)]
    if None in words:
        change_log.decision(runtime, change, "abort", action)
    return tuple(word or "abort" for word in words)
