"""A month of one client's life, as netmgr's own workflows log it."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from netmgr.model.entry import Body, Draft, Entry
from netmgr.ports.store import ServiceLog
from tests.clock import ManualClock

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""Where a ManualClock begins."""


def at(text: str) -> datetime:
    """``2026-11-03 21:30`` in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def id_(number: int) -> str:
    """An id that is a UUIDv7 in form."""
    return str(UUID(int=0x0199_0000_0000_7000_8000_0000_0000_0000 + number))


class Story:
    """Writes entries with a clock that is set by hand."""

    def __init__(
        self, log: ServiceLog, clock: ManualClock, client: str = "acme", target: Any = "network"
    ) -> None:
        self.log, self.clock, self.client, self.target = log, clock, client, target
        self.count = 0

    def log_at(self, when: str, drafts: Iterable[Draft]) -> tuple[Entry, ...]:
        self.clock.elapsed = (at(when) - START).total_seconds()
        return self.log.append(self.client, list(drafts))

    def draft(self, **fields: Any) -> Draft:
        known: dict[str, Any] = {
            "client": self.client,
            "target": self.target,
            "actor": "p-17",
            "auth": "os",
            "on": "ops1",
            "request": id_(5000 + self.count),
        }
        return Draft(**(known | fields))

    def inventory(self, when: str, devices: Iterable[str], added: Iterable[str] = (), **lists: Any) -> None:
        self.count += 1
        facts = {
            "digest": f"digest-{self.count}",
            "devices": dict.fromkeys(devices, "d"),
            "added": list(added),
            "removed": [],
            "changed": [],
        }
        self.log_at(
            when, [self.draft(kind="inventory", action="record", phase="result", facts=facts | lists)]
        )

    def change(
        self,
        when: str,
        devices: dict[str, tuple[int, int]],
        outcome: str | None = "applied",
        *,
        outcomes: dict[str, str] | None = None,
        reason: str | None = None,
        ticket: str | None = None,
        action: str = "deploy",
        of: str | None = None,
        decision: str = "confirm",
        milliseconds: int = 8400,
        ended: str | None = None,
        counted: bool = True,
        intent: dict[str, Any] | None = None,
        **fields: Any,
    ) -> str:
        """A change of ``devices`` (name → lines added, removed). ``outcome`` None leaves it open. Returns its id."""
        self.count += 1
        change = id_(self.count)
        text = f"reason: {reason}\n" if reason else ""
        parts = []
        for name, (added, removed) in devices.items():
            text += f"# {name}\n--- running\n+++ intended\n@@ -1 +1 @@\n" + "+x\n" * added + "-y\n" * removed
            part: dict[str, Any] = {
                "device": name,
                "commit": "c",
                "before": "b",
                "after": "a",
                "snapshot": "s",
            }
            parts.append(part | ({"added": added, "removed": removed} if counted else {}))
        facts: dict[str, Any] = {
            "plan": f"plan-{self.count}",
            "atomic": "network",
            "confirm_in": 60,
            "epoch": 1,
            "devices": parts,
        }
        same = {"kind": "change", "action": action, "change": change} | fields
        drafts = [
            self.draft(
                phase="intent",
                ticket=ticket,
                facts=facts | ({"rollback_of": of} if of else {}) | (intent or {}),
                body=Body(text.encode(), "text/x-diff"),
                **same,
            ),
            self.draft(phase="decision", facts={"decision": decision}, **same),
        ]
        self.log_at(when, drafts)
        if outcome is not None:
            each = dict.fromkeys(devices, outcome) | (outcomes or {})
            facts = {"phase": "confirm", "milliseconds": milliseconds}
            if ended is not None:
                same |= {"request": id_(9000 + self.count)}
            ends = [
                self.draft(phase="result", outcome=word, device=name, facts=facts, **same)
                for name, word in each.items()
            ]
            ends.append(
                self.draft(
                    phase="result",
                    outcome=outcome,
                    facts={"milliseconds": milliseconds, "checks": {"passed": 9, "failed": 0, "pending": 0}},
                    **same,
                )
            )
            self.log_at(ended or when, ends)
        return change

    def stopped(self, when: str, devices: dict[str, str], outcome: str, **fields: Any) -> str:
        """A change that ended before it had an intent."""
        self.count += 1
        change = id_(self.count)
        same = {"kind": "change", "action": "deploy", "phase": "result", "change": change}
        facts = {"phase": "connect", "milliseconds": 3100}
        drafts = [
            self.draft(outcome=word, device=name, facts=facts, **same) for name, word in devices.items()
        ]
        end = {"facts": {"milliseconds": 3100, "checks": {"passed": 0, "failed": 0, "pending": 0}}} | fields
        self.log_at(when, [*drafts, self.draft(outcome=outcome, **same, **end)])
        return change

    def audit(self, when: str, finished: bool = True, **statuses: str) -> None:
        """One audit; a device's name has ``_`` for ``-``."""
        self.count += 1
        drafts = []
        for name, status in statuses.items():
            facts: dict[str, Any] = {"milliseconds": 420, "not_compared": 0, "findings": []}
            if status in ("compliant", "drifted"):
                drifted = status == "drifted"
                facts |= {"running": "r", "added": 2 * drifted, "removed": 1 * drifted}
            drafts.append(
                self.draft(
                    kind="audit",
                    action="audit",
                    phase="result",
                    outcome=status,
                    device=name.replace("_", "-"),
                    facts=facts,
                )
            )
        words = ("error", "unreachable", "drifted", "compliant")
        counts = {word: sum(status == word for status in statuses.values()) for word in words}
        if finished:
            drafts.append(
                self.draft(
                    kind="audit",
                    action="audit",
                    phase="result",
                    outcome=next(word for word in words if counts[word]),
                    facts={"devices": len(statuses), "milliseconds": 1900, **counts},
                )
            )
        self.log_at(when, drafts)


def november(story: Story) -> dict[str, str]:
    """A month with a bit of everything. Returns the ids of its changes by what they show."""
    devices = ["core1", "core2", "edge1", "edge2", "branch-north", "branch-south"]
    ids = {}
    story.inventory("2026-10-28 09:00", devices[:5], devices[:5])
    ids["october"] = story.change(
        "2026-10-28 21:30", dict.fromkeys(devices[:5], (44, 0)), reason="First configuration"
    )
    fine = dict.fromkeys(["core1", "core2", "edge1", "edge2", "branch_north"], "compliant")
    story.audit("2026-11-01 05:00", **fine)
    ids["mtu"] = story.change(
        "2026-11-03 21:30",
        {"core1": (2, 2), "core2": (2, 2)},
        reason="Jumbo frames between the cores, as agreed on 28 October",
        ticket="T-1042",
    )
    story.audit("2026-11-04 05:00", **fine)
    story.inventory("2026-11-07 20:55", devices, ["branch-south"], changed=["core2"])
    ids["branch"] = story.change(
        "2026-11-07 21:02",
        {"branch-south": (52, 0), "core2": (6, 0)},
        reason="Branch south goes live",
        ticket="T-1047",
        milliseconds=14200,
    )
    fine["branch_south"] = "compliant"
    story.audit("2026-11-08 05:00", **fine)
    ids["filter"] = story.change(
        "2026-11-11 21:15",
        {"edge1": (4, 1), "edge2": (4, 1)},
        "rolled_back",
        decision="abort",
        reason="Tighter route filter towards the provider",
        ticket="T-1051",
        milliseconds=61300,
    )
    story.stopped(
        "2026-11-12 20:58",
        {"edge1": "refused", "edge2": "failed"},
        "failed",
        ticket="T-1051",
        body=Body(b"reason: Tighter route filter towards the provider, second try\n", "text/plain"),
    )
    ids["second"] = story.change(
        "2026-11-12 21:40",
        {"edge1": (3, 1), "edge2": (3, 1)},
        reason="Tighter route filter towards the provider, without the typo",
        ticket="T-1051",
    )
    story.stopped("2026-11-13 06:00", dict.fromkeys(devices, "unchanged"), "unchanged")
    story.audit("2026-11-15 05:00", **fine | {"edge2": "unreachable"})
    story.audit("2026-11-18 05:00", **fine | {"edge2": "drifted", "branch_north": "drifted"})
    ids["back"] = story.change(
        "2026-11-18 09:10", {"branch-north": (1, 2)}, reason="Put right what the audit found"
    )
    story.audit("2026-11-19 05:00", **fine | {"edge2": "drifted"})
    ids["timers"] = story.change(
        "2026-11-20 21:05", {"core1": (4, 4), "core2": (4, 4)}, reason="Faster OSPF timers", actor="p-09"
    )
    ids["undo"] = story.change(
        "2026-11-20 22:31",
        {"core1": (4, 4), "core2": (4, 4)},
        action="rollback",
        of=ids["timers"],
        reason="Flapping under load",
        actor="p-09",
    )
    story.audit("2026-11-22 05:00", **fine | {"edge2": "drifted"})
    ids["erased"] = story.change("2026-11-24 21:00", {"edge1": (1, 0)}, reason="Mentions a person by name")
    ids["silent"] = story.change("2026-11-25 13:37", {"core1": (0, 3)}, actor="p-23", counted=False)
    story.audit("2026-11-26 05:00", **fine | {"edge2": "drifted", "core2": "error"})
    return ids
