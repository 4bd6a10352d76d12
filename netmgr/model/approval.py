"""An approval: one person's signed word for one plan. Its statement is what the signature is of."""

from collections.abc import Mapping
from datetime import datetime
from typing import Self

from netmgr.model.base import Frozen
from netmgr.model.canonical import canonical
from netmgr.model.change import Plan
from netmgr.model.digest import sha256_hex
from netmgr.model.entry import rfc3339
from netmgr.model.names import Target

#: What signatures of approvals are for, so that one made for something else is none (ssh-keygen's namespace).
NAMESPACE = "netmgr-approval"


def plan_digest(plan: Plan) -> str:
    """SHA-256 over the saved plan as RFC 8785 canonical JSON: spaces and the order of keys do not count."""
    return sha256_hex(canonical(plan.model_dump(mode="json")))


class Approval(Frozen):
    """What the log says of an approval besides who gave it. ``expires`` is RFC 3339, ``digest`` the plan's."""

    plan: str
    digest: str
    expires: str

    @classmethod
    def of(cls, plan: Plan, *, expires: datetime) -> Self:
        """An approval of exactly this plan."""
        return cls(plan=plan.id, digest=plan_digest(plan), expires=rfc3339(expires))

    @classmethod
    def parse(cls, facts: Mapping[str, object]) -> Self:
        """From a log entry's facts. Raises ValueError for facts that are no approval's."""
        return cls.model_validate(facts)

    def statement(self, client: str, target: Target) -> bytes:
        """What is signed: the plan, whose network it changes, and until when the approval holds."""
        return canonical({"client": client, "target": target, "what": NAMESPACE, **self.model_dump()})


class GivenApproval(Frozen):
    """An approval as it was found in the log, and what was found out about it.

    ``genuine`` says that its signature is by a key that ``by`` has today, ``may`` that ``by`` may approve today.
    """

    by: str
    approval: Approval
    genuine: bool
    may: bool


class Approved(Frozen):
    """The document that ``approve`` prints."""

    client: str
    target: Target
    plan: str
    digest: str
    by: str
    expires: str
