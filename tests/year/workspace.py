"""The workspace that the year begins with: the example clients, and who works for them."""

from pathlib import Path

import yaml

from netmgr.adapters.backups_git import make_identity
from netmgr.adapters.workspace_files import make_workspace

PEOPLE = """\
p-1:
  {name: Engineer one, email: p1@msp.example, phone: "+44 20 7946 0101", roles: {"*": [engineer, manager, auditor]}}
p-2: {name: Engineer two, email: p2@msp.example, phone: "+44 20 7946 0102", roles: {"*": [engineer, approver]}}
p-4: {name: Engineer three, email: p4@msp.example, roles: {"*": [engineer]}}
p-3: {name: Manager, email: p3@msp.example, roles: {"*": [manager, auditor]}}
scheduler: {roles: {"*": [engineer, manager, auditor]}}
"""
ONCALL = """\
everybody:
  timezone: Europe/Berlin
  people: [p-1, p-2]
  from: "2026-01-05"
"""
NOTIFY = """\
mail: {server: mail.msp.example, security: tls, from: service@msp.example}
"""
#: What is due every week is promised every week.
SCHEDULE = """\
audit: {job: audit, cron: "30 3 * * 1", clients: [acme]}
backup: {job: backup, cron: "40 3 * * 1", clients: [acme]}
witness: {job: witness, cron: "0 5 1 * *", clients: [acme]}
"""
PROMISES = {
    "drift_age: 3d": "drift_age: 10d",
    "audit: 1d": "audit: 8d",
    "backup_age: 1d": "backup_age: 8d",
}
DRILLS = """\
drill: {job: drill, cron: "0 4 15 2,5,8,11 *", clients: [acme]}
"""
#: Short timers, so that the routers find each other in seconds, as in any lab.
TIMERS = """\
  ospf: {hello_interval: 1, dead_interval: 10}
  bgp: {keepalive_interval: 1, hold_time: 15, connect_retry: 1}
"""


def begin(root: Path, *, measured: bool, whole: bool) -> None:
    """Write it into ``root``, which is empty or new.

    ``measured``: with signs of life, and drills. ``whole``: with whole configurations, which cost much to render.
    """
    make_workspace(root, examples=True)
    public = make_identity(root / "offline.key")
    witness = root / "witness"
    witness.mkdir()
    (root / "config/people.yaml").write_text(PEOPLE)
    (root / "config/oncall.yaml").write_text(ONCALL)
    (root / "config/notify.yaml").write_text(NOTIFY)
    (root / "config/schedule.yaml").write_text(SCHEDULE + (DRILLS if measured else ""))
    with (root / "config/netmgr.yaml").open("a") as settings:
        settings.write(f"backups: {{recipients: [{public}]}}\nwitnesses: [{{directory: witness}}]\n")
    with (root / "inventory/acme/defaults.yaml").open("a") as defaults:
        defaults.write(TIMERS)
    _edit(root / "inventory/acme/client.yaml", {"rpo: 24h": "rpo: 8d"})
    if not whole:
        main = root / "templates/frr/main.j2"
        kept = [
            line for line in main.read_text().splitlines() if "include" not in line or "interfaces" in line
        ]
        main.write_text("\n".join(kept) + "\n")
    if measured:
        with (root / "inventory/acme/client.yaml").open("a") as client:
            client.write("\nprobe: {interval: 3600, down_after: 2}\n")
    _edit(root / "inventory/acme/agreement.yaml", PROMISES)
    _northwind(root / "inventory")


def _northwind(inventory: Path) -> None:
    """The second client has an agreement of its own: Acme's terms in its own words, currency and clocks."""
    document = yaml.safe_load((inventory / "acme/agreement.yaml").read_text())
    document["timezone"] = document["calendar"]["timezone"] = "America/Los_Angeles"
    document["calendar"] |= {"holidays": {"country": "US"}, "closures": []}
    document["parties"]["client"] = {
        "name": "Northwind Traders Inc.",
        "address": "100 Example Avenue, Seattle, WA 98101, USA",
        "country": "US",
        "email": "cio@northwind.example",
        "represented_by": {"name": "The chief executive", "title": "Chief executive"},
    }
    document["law"] = {"governing": "The law of the State of Washington", "venue": "Seattle"}
    document["fees"] |= {"currency": "USD", "tax": {"code": "O", "rate": "0", "reason": "Not subject to VAT"}}
    del document["promises"]
    document["fees"]["credits"] = [
        each for each in document["fees"]["credits"] if each["level"] != "availability"
    ]
    document["annexes"] = ["levels", "fees"]
    (inventory / "northwind/agreement.yaml").write_text(yaml.safe_dump(document, sort_keys=False))


def _edit(path: Path, words: dict[str, str]) -> None:
    text = path.read_text()
    for old, new in words.items():
        if text.count(old) != 1:
            raise AssertionError(f"{old!r} stands {text.count(old)} times in {path}")
        text = text.replace(old, new)
    path.write_text(text)
