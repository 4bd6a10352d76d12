"""Recover: finish what the log says was decided, or take back what was not; the devices say how it ended."""

from netmgr.errors import DeviceError, Refused
from netmgr.intent.resolve import resolve
from netmgr.model.change import CommitOrder, Decision, DeployResult, IntentFacts
from netmgr.model.entry import Entry
from netmgr.ports.locks import Lease
from netmgr.workflows import change_log
from netmgr.workflows.checking import Suite
from netmgr.workflows.deploy import writing
from netmgr.workflows.runtime import Runtime
from netmgr.workflows.transaction import Transaction


def recover(runtime: Runtime) -> tuple[DeployResult, ...]:
    """Close every open change of the client and target. Sends no configuration."""
    with writing(runtime) as lease:
        intents = runtime.log.open_intents(runtime.client, runtime.target)
        return tuple(_close(runtime, entry, lease, decision=None) for entry in intents)


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
        return _close(runtime, intents[change], lease, decision="confirm")


def decided(runtime: Runtime, change: str) -> Decision | None:
    """The last decision that the log holds for a change."""
    words = [
        entry.facts["decision"]
        for entry in runtime.log.entries(runtime.client, change=change)
        if entry.phase == "decision"
    ]
    return words[-1] if words else None


def _close(runtime: Runtime, intent: Entry, lease: Lease, *, decision: Decision | None) -> DeployResult:
    """Carry out a new decision, or the logged one; where none was made, log the abort first."""
    started = runtime.clock.monotonic()
    change = str(intent.change)
    logged = decided(runtime, change)
    lease.ensure()
    word = decision or (logged if logged in ("confirm", "abort") else "abort")
    if word != logged:
        change_log.decision(runtime, change, word, intent.action)
    facts = IntentFacts.parse(intent.facts)
    orders = {
        item.device: CommitOrder(
            change=change,
            commit=item.commit,
            epoch=lease.epoch,
            expected=item.before,
            after=item.after,
            seconds=facts.confirm_in,
            message="recover",
        )
        for item in facts.devices
    }
    inventory = runtime.inventories.load(runtime.client, overlay=runtime.overlay)
    resolve(inventory, runtime.forms)
    devices = [device for device in inventory.devices if device.name in orders]
    gone = sorted(set(orders) - {device.name for device in devices})
    if gone:
        raise Refused(
            "inventory",
            f"change {change} touched {', '.join(gone)}, which the inventory does not name any more",
            "put it back into hosts.yaml, so that it can be read",
        )
    with runtime.fleet.session(runtime.endpoints(devices)) as session:
        runtime.progress(f"recover {change}: {word} on {len(orders)} devices")
        logins = session.connect(orders)
        transaction = Transaction(
            runtime,
            session,
            lease,
            orders=orders,
            waves=facts.waves or (tuple(orders),),
            needed=(),
            candidates={},
            others=(),
            # Nothing is sent, so no secret is resolved: what a device says was redacted by its driver.
            hide=str,
            plan=facts.plan,
            started=started,
            suite=Suite.of_nothing(runtime),
            action=intent.action,
        )
        transaction.resume(
            {name: answer for name, answer in logins.items() if isinstance(answer, DeviceError)}
        )
        return transaction.finish(word)
