"""What a change writes to the service log, in the order of its life: intent, decision, results."""

from collections import Counter
from collections.abc import Mapping, Sequence

from netmgr.errors import Refused, StoreError
from netmgr.model.change import CommitOrder, Decision, DeployResult, IntentDevice, IntentFacts, Plan, Refusal
from netmgr.model.entry import Body
from netmgr.workflows.runtime import Runtime


def intent(
    runtime: Runtime,
    *,
    action: str,
    plan: Plan,
    orders: Mapping[str, CommitOrder],
    snapshots: Mapping[str, str],
    reason: str | None,
    ticket: str | None,
    of: str | None,
    passed: Sequence[str] | None = None,
    approved_by: str | None = None,
    answers: str | None = None,
    restored: Mapping[str, str] | None = None,
) -> None:
    """Durable before any device is touched; raises Refused(log) where it cannot be.

    The facts are enough for `recover` to finish or undo the change without the plan. ``of`` is the change that a
    rollback undoes, ``answers`` one that ended mixed or in doubt. ``passed`` names the gates that --break-glass passed
    (None: it was not given).
    ``restored`` are the versions that a restore gives its devices.
    """
    change = next(iter(orders.values())).change
    planned = {device.device: device for device in plan.devices}
    facts = IntentFacts(
        plan=plan.id,
        atomic=plan.atomic,
        confirm_in=plan.confirm_in,
        epoch=next(iter(orders.values())).epoch,
        devices=tuple(
            IntentDevice(
                device=name,
                commit=order.commit,
                before=order.expected,
                after=order.after,
                snapshot=snapshots[name],
                added=planned[name].added,
                removed=planned[name].removed,
            )
            for name, order in sorted(orders.items())
        ),
        waves=plan.waves,
        rollback_of=of,
        break_glass=None if passed is None else tuple(dict.fromkeys(passed)),
        approved_by=approved_by,
        answers=answers,
        restored=restored,
    )
    text = "".join(f"# {device.device}\n{device.diff}" for device in plan.changed)
    if reason:
        text = f"reason: {reason}\n{text}"
    draft = runtime.draft(
        kind="change",
        action=action,
        phase="intent",
        change=change,
        ticket=ticket,
        facts=facts.model_dump(mode="json", exclude_none=True),
        body=Body(text.encode(), "text/x-diff"),
    )
    try:
        runtime.log.append(runtime.client, [draft])
    except StoreError as error:
        raise Refused("log", str(error), "a change that cannot be logged first is not made") from error


def decision(runtime: Runtime, change: str, word: Decision, action: str, *, wave: int | None = None) -> None:
    """Durable before the first confirm; of one wave, where each is decided by itself. Raises StoreError."""
    facts = {"decision": word} if wave is None else {"decision": word, "wave": wave}
    runtime.log.append(
        runtime.client,
        [runtime.draft(kind="change", action=action, phase="decision", change=change, facts=facts)],
    )


def results(
    runtime: Runtime,
    result: DeployResult,
    action: str,
    *,
    reason: str | None = None,
    ticket: str | None = None,
) -> DeployResult:
    """Each device's outcome, then the change's, in one transaction: it closes the intent.

    ``reason`` and ``ticket`` are those of a change that stopped before it had an intent to carry them.
    Where the log cannot be written the change stays open for `recover`, and the result says so.
    """
    drafts = []
    for device in result.devices:
        drafts.append(
            runtime.draft(
                kind="change",
                action=action,
                phase="result",
                outcome=device.outcome,
                device=device.device,
                change=result.change,
                facts={"phase": device.phase, "milliseconds": round(device.seconds * 1000)},
                body=Body(device.error.encode(), "text/plain") if device.error else None,
            )
        )
    counts = Counter(check.status for check in result.checks)
    checks = {status: counts[status] for status in ("passed", "failed", "pending")}
    if counts["not_measured"]:
        checks["not_measured"] = counts["not_measured"]
    drafts.append(
        runtime.draft(
            kind="change",
            action=action,
            phase="result",
            outcome=result.outcome,
            change=result.change,
            ticket=ticket,
            facts={"milliseconds": round(result.seconds * 1000), "checks": checks},
            body=Body(f"reason: {reason}\n".encode(), "text/plain") if reason else None,
        )
    )
    try:
        runtime.log.append(runtime.client, drafts)
    except StoreError as error:
        refusal = Refusal(
            gate="log", reason=str(error), remedy="make the store writable, then run `netmgr recover`"
        )
        return result.model_copy(update={"refused": (*result.refused, refusal)})
    return result
