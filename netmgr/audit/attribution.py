"""Who changed a device last, at the head of the diff that an audit logs. Pure functions.

Names of people stand in the bodies of entries, which can be erased, and not in their facts. What stands above a diff
is no part of it: it is read past, as by ``patch``.
"""

from collections.abc import Mapping

from pydantic import ValidationError

from netmgr.model.difference import hide_values
from netmgr.model.last_change import LastChange

_HEAD = "# changed last: "
#: Characters of each text. Junos keeps as many of a comment; who tells more tells something else.
_MOST = 512


def headed(diff: str, changed: LastChange | None) -> str:
    """The diff below a line that says who, where anybody does."""
    return f"{_HEAD}{changed.model_dump_json()}\n{diff}" if changed else diff


def parted(body: str) -> tuple[str, LastChange | None]:
    """See ``headed``: what was put together there."""
    if not body.startswith(_HEAD):
        return body, None
    head, _, diff = body.removeprefix(_HEAD).partition("\n")
    try:
        return diff, LastChange.model_validate_json(head)
    except ValidationError:
        return diff, None


def hidden(changed: LastChange, secrets: Mapping[str, str]) -> LastChange:
    """Without secrets that somebody wrote into a comment, or typed in place of a name; not longer than it may be."""
    names = ("user", "when", "comment")
    texts = {name: hide_values(getattr(changed, name), secrets)[:_MOST] for name in names}
    return changed.model_copy(update=texts)
