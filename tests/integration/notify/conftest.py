"""A client who is told by mail and by webhook, and a workspace that tells."""

import dataclasses
from dataclasses import dataclass
from pathlib import Path

import pytest

from netmgr.adapters.settings_yaml import load_settings
from netmgr.model.access import Actor
from netmgr.model.people import People
from netmgr.wiring import Wiring
from netmgr.workflows.notify import send_due
from netmgr.workflows.sender import Sender, Sent
from tests.clock import ManualClock
from tests.integration.notify.receivers import SECRET, Certificates, Hook, MailBox, certificates
from tests.unit.log.drafts import draft, result

PASSWORD = "letter-opener"
CLIENT = """\
id: acme
names: {en: "Acme {{ 7*7 }}"}
timezone: Europe/Berlin
contacts:
  - {name: Operations, email: noc@acme.example, roles: [technical]}
  - {name: Manager, email: it@acme.example, roles: [report]}
"""
NOTIFY = """\
mail:
  server: localhost
  port: %(mail)s
  ca: ca.pem
  user: netmgr
  password: secret://file/smtp
  from: netmgr@msp.example
webhooks:
  chat: {url: "https://localhost:%(hook)s/in?room=1", secret: secret://file/chat, ca: ca.pem}
allow: [127.0.0.0/8]
rules:
  - to: [role:technical, webhook:chat]
"""


@dataclass
class Office:
    """The workspace, its clock, and the receivers."""

    workspace: Path
    clock: ManualClock
    wiring: Wiring
    mail: MailBox
    hook: Hook
    sender: Sender
    said: list[str]

    def log(self, *drafts):
        return self.wiring.service_log.append("acme", drafts)

    def audit(self, request, **devices):
        """An audit that found the devices so."""
        found = [
            draft(kind="audit", action="audit", device=name, outcome=outcome, request=request)
            for name, outcome in devices.items()
        ]
        self.log(*found, draft(kind="audit", action="audit", outcome="drifted", request=request))

    def change(self, change, outcome, **fields):
        """The end of a change."""
        self.log(result(change, outcome=outcome, request=f"r-{change}", **fields))

    def send(self) -> Sent:
        return send_due(self.sender, "acme")

    def wait(self, seconds):
        self.clock.elapsed += seconds

    def states(self):
        return [(n.recipient, n.state) for n in reversed(self.outbox.notifications("acme", limit=99))]

    @property
    def outbox(self):
        return self.wiring.post.outbox

    def told(self):
        """What the log says of the telling."""
        return [
            (e.outcome, e.facts["way"], e.facts["attempts"])
            for e in self.wiring.service_log.entries("acme", kind="notify")
        ]

    def rewrite(self, file, *changes):
        path = self.workspace / file
        text = path.read_text()
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path.write_text(text)


@pytest.fixture(scope="session")
def trust(tmp_path_factory) -> Certificates:
    return certificates(tmp_path_factory.mktemp("trust"))


@pytest.fixture
def office(tmp_path, trust):
    mail, hook = MailBox(trust), Hook(trust)
    files = {
        "config/netmgr.yaml": "deploy: {workers: 2}\n",
        "config/notify.yaml": NOTIFY % {"mail": mail.port, "hook": hook.port},
        "inventory/acme/client.yaml": CLIENT,
        "inventory/acme/hosts.yaml": "core1: {platform: frr}\n",
        "ca.pem": trust.ca.read_text(),
        "secrets/_workspace/smtp": f"{PASSWORD}\n",
        "secrets/_workspace/chat": f"{SECRET}\n",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        if name.startswith("secrets"):
            path.chmod(0o600)
    wiring = Wiring(tmp_path, load_settings(tmp_path))
    wiring.clock = ManualClock()
    wiring.people = People()
    said: list[str] = []
    sender = wiring.sender(Actor(id="p-1", auth="service", on="ops1"), "r-send", said.append)
    mail.up()
    hook.up()
    yield Office(tmp_path, wiring.clock, wiring, mail, hook, dataclasses.replace(sender), said)
    mail.down()
    hook.down()
    wiring.service_log.close()
