"""Changes that ended mixed or in doubt and that nothing has answered since, from the log alone."""

from itertools import islice

from netmgr.errors import Refused, UsageError
from netmgr.model.change import IntentFacts
from netmgr.model.entry import Entry
from netmgr.workflows.runtime import Runtime

MIXED = ("split", "in_doubt")
#: How many entries back the search goes.
_FAR = 20_000


def unresolved(runtime: Runtime) -> tuple[Entry, ...]:
    """The intents of such changes, newest first.

    One is answered when a change that names it was applied, and overtaken when every one of its devices has a newer
    result of another change.
    """
    ends: dict[str, str] = {}
    answered: set[str] = set()
    newest: dict[str, str] = {}
    owner: dict[str, str] = {}
    found: list[Entry] = []
    for entry in islice(runtime.log.entries(runtime.client, kind="change", newest_first=True), _FAR):
        change = str(entry.change)
        if entry.target != runtime.target:
            continue
        if entry.phase == "result" and entry.device:
            newest.setdefault(entry.device, change)
        elif entry.phase == "result":
            ends.setdefault(change, str(entry.outcome))
        elif entry.phase == "intent":
            facts = IntentFacts.parse(entry.facts)
            if facts.answers:
                owner[change] = facts.answers
                if ends.get(change) in ("applied", "unchanged"):
                    answered.add(facts.answers)
            elif ends.get(change) in MIXED and change not in answered:
                devices = (newest[item.device] for item in facts.devices if item.device in newest)
                if any(owner.get(last, last) == change for last in devices):
                    found.append(entry)
    return tuple(found)


def to_answer(runtime: Runtime, change: str | None) -> Entry:
    """The intent of the change that shall be answered: the newest, or the one named.

    Raises UsageError for one that the log does not know, Refused for one that is not mixed or in doubt any more.
    """
    left = {str(entry.change): entry for entry in unresolved(runtime)}
    if change is None:
        if not left:
            raise Refused("recover", "no change is split or in doubt", "there is nothing to bring together")
        return next(iter(left.values()))
    if change in left:
        return left[change]
    if not any(e.phase == "intent" for e in runtime.log.entries(runtime.client, change=change)):
        raise UsageError(
            f"no change {change} of {runtime.client} on the {runtime.target}; `netmgr log list` shows them"
        )
    raise Refused(
        "recover",
        f"change {change} is not split or in doubt",
        f"`netmgr log list --change {change}` shows how it ended",
    )
