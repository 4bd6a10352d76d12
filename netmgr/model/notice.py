"""Notice of a change: what the client was told before it is made. It holds for what the plan does."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, NamedTuple, Self

from netmgr.model.approval import plan_digest
from netmgr.model.base import Frozen
from netmgr.model.canonical import canonical
from netmgr.model.change import Plan
from netmgr.model.digest import sha256_hex
from netmgr.model.fields import Items
from netmgr.model.names import Target

KIND = "notice"

NoticeOutcome = Literal["sent", "deferred", "failed"]
"""``sent``: the mail server took it for every contact. ``deferred``: not yet for all. ``failed``: refused for one."""


def content_digest(plan: Plan) -> str:
    """SHA-256 over what the plan does: its devices, and each one's diff. The same for a plan that is made again."""
    changed = sorted((device.device, device.action, device.diff) for device in plan.changed)
    return sha256_hex(canonical([list(row) for row in changed]))


class Notice(Frozen):
    """What the log says of a notice. ``digest`` is the plan's, ``content`` that of what it does; times are RFC 3339.

    ``sent`` is when the mail server had taken it for the last contact, None where it has not; ``begins`` and ``ends``
    are the window that was announced, ``not_before`` the first moment at which the agreement lets the change be made,
    as it was when the notice was sent.
    """

    plan: str
    digest: str
    content: str
    devices: Items[str]
    contacts: int
    sent: str | None = None
    not_before: str | None = None
    begins: str | None = None
    ends: str | None = None

    @classmethod
    def of(cls, plan: Plan, *, contacts: int, **times: str | None) -> Self:
        """A notice of this plan."""
        return cls(
            plan=plan.id,
            digest=plan_digest(plan),
            content=content_digest(plan),
            devices=tuple(device.device for device in plan.changed),
            contacts=contacts,
            **times,
        )

    @classmethod
    def parse(cls, facts: Mapping[str, object]) -> Self:
        """From a log entry's facts. Raises ValueError for facts that are no notice's."""
        return cls.model_validate(facts)

    def holds_for(self, plan: Plan) -> bool:
        """Whether it tells of this plan, or of one that does the same."""
        return self.digest == plan_digest(plan) or self.content == content_digest(plan)


class GivenNotice(NamedTuple):
    """A notice as it was found in the log, and when it was sent."""

    notice: Notice
    sent: datetime


class SentNotice(Frozen):
    """The document that ``notice send`` prints. ``problems`` say who could not be told, and why."""

    client: str
    target: Target
    plan: str
    digest: str
    devices: tuple[str, ...]
    outcome: NoticeOutcome
    sent: str | None
    contacts: int
    not_before: str | None
    begins: str | None
    ends: str | None
    problems: tuple[str, ...] = ()
