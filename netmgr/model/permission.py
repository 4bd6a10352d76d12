"""Who may do what: one table. A workspace without config/people.yaml belongs to whoever can use its files."""

from datetime import date
from typing import Literal

from netmgr.model.people import People, Role

Action = Literal["read", "change", "approve", "log", "desk", "agree"]

#: Any one of these roles for the client is enough.
_ENOUGH: dict[Action, frozenset[Role]] = {
    "read": frozenset({"viewer", "engineer", "approver", "auditor", "manager", "administrator"}),
    "change": frozenset({"engineer"}),
    "approve": frozenset({"approver"}),
    "desk": frozenset({"engineer", "approver", "manager", "administrator"}),
    "agree": frozenset({"manager"}),
    "log": frozenset({"auditor", "manager", "administrator"}),
}


def may(people: People, person: str, action: Action, client: str, day: date) -> bool:
    """Whether the person with this id may do that for the client on that day."""
    if not people.people:
        return True
    known = people.people.get(person)
    return known is not None and known.may_act_on(day) and bool(known.roles_for(client) & _ENOUGH[action])
