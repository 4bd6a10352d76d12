"""A client whose contacts are sent reports by a real mail server."""

import pyrage
import pytest

from tests.integration.notify.receivers import MailBox, certificates

IDENTITY = pyrage.x25519.Identity.generate()
CLIENT = f"""\
id: square
names: {{en: Square, zh-CN: 方正}}
timezone: Europe/Berlin
contacts:
  - {{name: Manager, email: it@square.example, roles: [report]}}
  - name: Engineer
    email: noc@square.example
    roles: [report]
    reports: [manager, technical]
    age: {IDENTITY.to_public()}
  - {{name: No key, email: ops@square.example, roles: [report], reports: [manager, technical]}}
  - {{name: Somebody else, email: other@square.example, roles: [notice, technical], reports: [technical]}}
  - {{name: No mail, roles: [report]}}
"""
NOTIFY = """\
mail:
  {server: localhost, port: %s, ca: ca.pem, user: netmgr, password: secret://file/smtp, from: netmgr@msp.example}
allow: [127.0.0.0/8]
"""


@pytest.fixture(scope="session")
def trust(tmp_path_factory):
    return certificates(tmp_path_factory.mktemp("trust"))


@pytest.fixture
def mail(world, trust):
    """The mail server; the workspace of ``world`` can tell its client."""
    box = MailBox(trust)
    box.up()
    root = world.workspace
    (root / "inventory/square/client.yaml").write_text(CLIENT)
    (root / "config/notify.yaml").write_text(NOTIFY % box.port)
    secret = root / "secrets/_workspace/smtp"
    secret.parent.mkdir(parents=True)
    secret.write_text("letter-opener\n")
    secret.chmod(0o600)
    (root / "ca.pem").write_text(trust.ca.read_text())
    yield box
    box.down()
