"""What is done for a client under an agreement, as netmgr's own workflows log it."""

import json
from collections.abc import Iterable
from typing import Any

from netmgr.model.agreement import Agreement
from netmgr.model.canonical import canonical
from netmgr.model.entry import Body
from tests.unit.report.story import Story, at


class ServiceStory(Story):
    """Writes entries with a clock that is set by hand. Each method returns the seq of the (last) entry."""

    def one(
        self, when: str, body: bytes | None = None, type_: str = "application/json", **fields: Any
    ) -> int:
        """An entry; of ``facts`` keys that are None are left out."""
        self.count += 1
        facts = {key: value for key, value in fields.pop("facts", {}).items() if value is not None}
        fields.setdefault("phase", "result")
        kept = {"body": Body(body, type_)} if body else {}
        happened = {"at": at(fields.pop("happened"))} if "happened" in fields else {}
        return self.log_at(when, [self.draft(facts=facts, **kept, **happened, **fields)])[-1].seq

    def sign(self, when: str, agreement: Agreement) -> int:
        """Both sign this version."""
        body = {
            "agreement": json.loads(agreement.canonical()),
            "signatures": {"client": "A", "provider": "B"},
        }
        facts = {
            "version": agreement.version,
            "digest": agreement.digest,
            "document": "d" * 64,
            "rendered": "d" * 64,
            "form": "rendered",
            "effective": agreement.effective.isoformat(),
            "timezone": agreement.timezone,
            "signed_by": ["client", "provider"],
        }
        return self.one(
            when,
            canonical(body),
            kind="agreement",
            action="sign",
            outcome="signed",
            visibility="client",
            facts=facts,
        )

    def described(self, when: str, devices: Iterable[str], **more: dict[str, Any]) -> int:
        """An inventory of these devices, with what they are."""
        names = list(devices)
        facts = {
            "digest": f"inventory-{self.count}",
            "devices": dict.fromkeys(names, "d"),
            "added": names,
            "removed": [],
            "changed": [],
            "described": {name: {"name": name, "role": "router"} | more.get(name, {}) for name in names},
        }
        return self.one(when, kind="inventory", action="record", facts=facts)

    def ticket(self, when: str, identity: str, action: str, **facts: Any) -> int:
        """An act for a ticket. The opening's ``subject`` and any ``text`` are its body; ``happened`` is when it was."""
        fields = {key: facts.pop(key) for key in ("happened", "auth", "outcome", "actor") if key in facts}
        texts = {key: facts.pop(key) for key in ("subject", "text") if key in facts}
        if "subject" in texts:
            facts["subject"] = True
        body = canonical(texts) if texts else None
        return self.one(when, body, kind="ticket", action=action, ticket=identity, facts=facts, **fields)

    def fault(self, when: str, identity: str, subject: str, priority: str = "high", **facts: Any) -> int:
        """A ticket is opened."""
        known = {
            "kind": "fault",
            "priority": priority,
            "impact": "limited",
            "urgency": "high",
            "given": False,
        }
        return self.ticket(when, identity, "open", subject=subject, **(known | facts))

    def device(self, when: str, kind: str, action: str, outcome: str, device: str, **facts: Any) -> int:
        """A result of one device."""
        return self.one(when, kind=kind, action=action, outcome=outcome, device=device, facts=facts)

    def backup(self, when: str, **devices: str) -> int:
        """A backup run; a device's name has ``_`` for ``-``."""
        seq = 0
        for name, outcome in devices.items():
            seq = self.device(when, "backup", "run", outcome, name.replace("_", "-"))
        return seq

    def drill(self, when: str, outcome: str, devices: int, *, real: int, seconds: int) -> int:
        """A drill's closing entry."""
        facts = {
            "drill": "d-1",
            "devices": devices,
            "proved": devices if outcome == "passed" else devices - 1,
            "proved_real": real,
            "proved_emulated": 0,
            "adjacencies": 3,
            "up": 3,
            "milliseconds_recovered": seconds * 1000,
        }
        return self.one(when, kind="drill", action="drill", outcome=outcome, facts=facts)

    def probed(
        self, when: str, day: str, down: dict[str, int], *, devices: Iterable[str], unknown: int = 0
    ) -> int:
        """A day's sums: each device up but for so many seconds, ``unknown`` of them not measured."""
        length = 86400
        sums = {
            name: {
                "expected": 1440,
                "taken": 1440 - unknown // 60,
                "up": 1440 - (unknown + down.get(name, 0)) // 60,
                "up_seconds": length - unknown - down.get(name, 0),
                "down_seconds": down.get(name, 0),
            }
            for name in devices
        }
        facts = {"day": day, "timezone": "Europe/Berlin", "interval": 60, "devices": sums, "digest": "e" * 64}
        return self.one(when, kind="probe", action="digest", facts=facts)

    def went_down(self, when: str, device: str) -> int:
        """A transition; it is told to the second."""
        facts = {"device": device, "from": "up", "to": "down", "since": at(when).isoformat()}
        return self.one(when, kind="probe", action="transition", outcome="down", device=device, facts=facts)
