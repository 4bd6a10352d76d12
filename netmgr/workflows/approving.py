"""Approvals: giving one, which is a signature that ends in the log, and reading those that were given."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from netmgr.errors import Refused, StoreError
from netmgr.model.approval import NAMESPACE, Approval, Approved, GivenApproval
from netmgr.model.change import Plan
from netmgr.model.entry import Body, Draft, Entry
from netmgr.model.people import Person
from netmgr.model.permission import may
from netmgr.ports.store import Gone
from netmgr.workflows.runtime import Runtime

Ask = Callable[[Plan, Person], bool]
"""Shown the plan and who would approve it; says whether to go on."""


def approve(runtime: Runtime, plan: Plan, *, key: str | None, ask: Ask) -> Approved:
    """Sign for the plan with the key file ``key``, or with a key of the actor's own that the SSH agent has; log it.

    Who approves is whose key it is. Raises Refused for whoever may not, UsageError or InputError for a key that is
    none, and nothing is logged then.
    """
    people = runtime.inventories.people()
    if key is not None:
        person = people.by_key(runtime.signatures.public_key(key))
        whose = f"the key {key} is nobody's"
    else:
        person = people.people.get(runtime.actor.id)
        whose = f"{runtime.actor.id} is nobody"
    if person is None:
        raise Refused("access", f"{whose} in config/people.yaml", "add the person there, with the public key")
    _refuse_unfit(runtime, plan, person)
    if not ask(plan, person):
        raise Refused("approval", "the plan was not approved", "nothing was logged")
    expires = runtime.clock.now() + timedelta(hours=runtime.policy.approval.expires_hours)
    approval = Approval.of(plan, expires=expires)
    statement = approval.statement(runtime.client, runtime.target)
    signature = runtime.signatures.sign(statement, namespace=NAMESPACE, key=key, public=person.keys)
    if not _genuine(runtime, statement, signature, person):
        raise Refused(
            "approval", f"the signature is by no key of {person.id}", "name the right key with --key FILE"
        )
    draft = Draft(
        client=runtime.client,
        target=runtime.target,
        kind="approval",
        action="approve",
        phase="result",
        outcome="approved",
        actor=person.id,
        auth="key",
        on=runtime.actor.on,
        request=runtime.request,
        facts=approval.model_dump(),
        body=Body(signature.encode(), "text/plain"),
    )
    try:
        runtime.log.append(runtime.client, [draft])
    except StoreError as error:
        raise Refused("log", str(error), "an approval that cannot be logged is none") from error
    return Approved(
        client=runtime.client,
        target=runtime.target,
        plan=plan.id,
        digest=approval.digest,
        by=person.id,
        expires=approval.expires,
    )


def given_approvals(runtime: Runtime, plan: Plan) -> tuple[GivenApproval, ...]:
    """Every approval of the plan in the log, the newest first, each checked against config/people.yaml of now."""
    return tuple(_given(runtime, plan))


def _given(runtime: Runtime, plan: Plan) -> Iterator[GivenApproval]:
    people = runtime.inventories.people()
    today = runtime.clock.now().date()
    for entry in runtime.log.entries(runtime.client, kind="approval", newest_first=True):
        if entry.target != runtime.target or entry.facts.get("plan") != plan.id:
            continue
        try:
            approval = Approval.parse(entry.facts)
        except ValueError:
            continue
        person = people.people.get(entry.actor)
        statement = approval.statement(runtime.client, runtime.target)
        yield GivenApproval(
            by=entry.actor,
            approval=approval,
            genuine=person is not None and _genuine(runtime, statement, _signature(runtime, entry), person),
            may=person is not None and may(people, person.id, "approve", runtime.client, today),
        )


def _refuse_unfit(runtime: Runtime, plan: Plan, person: Person) -> None:
    today = runtime.clock.now().date()
    if not may(runtime.inventories.people(), person.id, "approve", runtime.client, today):
        raise Refused(
            "access",
            f"{person.id} may not approve for {runtime.client}",
            "config/people.yaml says who may; ask somebody with the role approver",
        )
    if not plan.author or person.id == plan.author:
        raise Refused(
            "approval",
            f"{person.id} made the plan" if plan.author else "the plan does not say who made it",
            "four eyes: somebody else has to approve it" if plan.author else "plan again",
        )
    if not plan.changed:
        raise Refused("approval", "the plan changes nothing", "nothing needs to be approved")


def _signature(runtime: Runtime, entry: Entry) -> str | None:
    body = runtime.log.body(runtime.client, entry.body.digest) if entry.body else Gone.MISSING
    return None if isinstance(body, Gone) else body.decode(errors="replace")


def _genuine(runtime: Runtime, statement: bytes, signature: str | None, person: Person) -> bool:
    return signature is not None and runtime.signatures.verifies(
        statement, signature, namespace=NAMESPACE, person=person.id, keys=person.keys
    )
