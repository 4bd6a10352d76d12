"""The square with a signed agreement, contacts, and a real mail server."""

import pytest

from tests.integration.agreement.conftest import FILE, Signing, signing  # noqa: F401 - a fixture
from tests.integration.notify.receivers import MailBox, certificates

CLIENT = """\
id: square
names: {en: "Square {{ 7*7 }}", zh-CN: 方正}
timezone: Europe/Berlin
contacts:
  - {name: Operations, email: noc@square.example, roles: [notice, technical]}
  - {name: Manager, email: it@square.example, roles: [report, notice]}
  - {name: Nobody, roles: [notice]}
"""
NOTIFY = """\
mail:
  {server: localhost, port: %s, ca: ca.pem, user: netmgr, password: secret://file/smtp, from: netmgr@msp.example}
allow: [127.0.0.0/8]
"""


@pytest.fixture(scope="session")
def trust(tmp_path_factory):
    return certificates(tmp_path_factory.mktemp("trust"))


class Told(Signing):
    """A workspace whose client can be told; ``mail`` is what arrives."""

    def __init__(self, world, mail):
        super().__init__(world)
        self.mail = mail

    def agree(self, notice, **files):
        self.edit(FILE, lambda text: f"{text}notice: {notice}\n")
        self.sign()


@pytest.fixture
def told(signing, trust):  # noqa: F811
    mail = MailBox(trust)
    mail.up()
    root = signing.workspace
    (root / "inventory/square/client.yaml").write_text(CLIENT)
    (root / "config/notify.yaml").write_text(NOTIFY % mail.port)
    secret = root / "secrets/_workspace/smtp"
    secret.parent.mkdir(parents=True)
    secret.write_text("letter-opener\n")
    secret.chmod(0o600)
    (root / "ca.pem").write_text(trust.ca.read_text())
    yield Told(signing.world, mail)
    mail.down()
