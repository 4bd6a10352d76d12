"""Whether a change is made in an emergency: its ticket is one, as the agreement says, and is not over."""

from netmgr.model.agreement import Agreement
from netmgr.model.ticket import ticket
from netmgr.service.ticket_record import KIND
from netmgr.workflows.runtime import Runtime


def is_emergency(
    runtime: Runtime, agreement: Agreement, identity: str | None, *, whatever: bool = False
) -> bool:
    """Whether the agreement lets a change for this ticket be made at once. A ticket of another desk is no emergency.

    ``whatever`` the agreement lets be done: whether it is one.
    """
    terms = agreement.emergency
    if terms is None or identity is None or not (terms.break_glass or whatever):
        return False
    record = runtime.open_records().get(runtime.client, KIND, identity)
    one = ticket(record) if record else None
    return one is not None and one.priority == terms.priority and one.state not in ("resolved", "closed")
