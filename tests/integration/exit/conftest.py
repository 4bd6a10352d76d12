"""A client with everything that can be kept of one, beside another client that is planted with canaries."""

import dataclasses
import os

import pytest

from netmgr.adapters.backups_git import make_identity
from netmgr.document.markdown import markdown
from netmgr.model.access import Actor
from netmgr.model.entry import Body
from netmgr.model.selection import Selection
from netmgr.workflows import log as logs
from netmgr.workflows.agreement_document import render
from netmgr.workflows.backup import backup
from netmgr.workflows.log import checkpoint
from netmgr.workflows.signing import sign
from netmgr.workflows.ticket import Described, open_ticket
from tests.integration.backup.conftest import square  # noqa: F401 - a fixture
from tests.unit.log.drafts import draft
from tests.unit.service.samples import TEXT

CANARY = "CANARY-of-globex"
SECRET = "the-community-of-square"
LOGIN = "how-we-get-in"


def plain(document, words):
    """In place of PDF: typesetting is tried elsewhere."""
    return b"%PDF-" + markdown(document, words).encode()


def write(world, name, text):
    path = world.workspace / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o600)


@pytest.fixture
def leaving(square):  # noqa: F811
    """The square with backups (two versions), an agreement, a report, a ticket, secrets, an erased body."""
    log = square.wiring.service_log
    known = square.wiring.office
    office = dataclasses.replace(known, renderers={**known.renderers, "pdf": plain})
    square.wiring.__dict__["office"] = office
    kept = "log: 3650d, texts: 1095d, personal: 1095d, tickets: 2000d, configurations: 400d, documents: 3650d"
    text = TEXT.replace("log: 3650d, texts: 1095d, personal: 1095d", kept)
    write(square, "inventory/square/agreement.yaml", text)
    write(square, "secrets/square/community", SECRET)
    write(square, "secrets/square/login", LOGIN)
    square.edit("inventory/square/client.yaml", lambda text: text + "locale: zh-CN\n")
    backup(square.runtime(), Selection())
    square.clock.sleep(60)
    square.fleet.devices["r1"].running += "banner motd second\n"
    backup(square.runtime(), Selection())
    document = render(square.runtime(), ["pdf"], [])[0].data
    sign(square.runtime(), document, {"client": "A", "provider": "B"})
    square.wiring.reports.keep("square", "square-2026-10.md", b"# a report")
    open_ticket(square.runtime(), Described(subject="Nothing works", reporter="Alice <alice@square.example>"))
    (noted,) = log.append("square", [draft(client="square", body=Body(b"to be erased", "text/plain"))])
    checkpoint(log, square.wiring.signing_key, square.clock, "square")
    logs.erase(
        log, "square", noted.body.digest, reason="asked", basis="GDPR-17",
        actor=Actor(id="p-1", auth="os", on="ops1"), request="r-9", target="network",
    )  # fmt: skip
    globex(square)
    taken = square.clock.now().timestamp()
    for path in (square.workspace / ".netmgr/snapshots/square").iterdir():
        os.utime(path, (taken, taken))
    return square


def invoiced(log):
    """One whose series has / in its numbers, a file of it, and a correction, which is ours alone."""
    said = {"entity": "example", "number": "2026/R-1"}
    for action, facts, body in (
        ("issue", said, Body(b'{"an": "invoice"}', "application/json")),
        ("document", {**said, "name": "square-invoice.pdf"}, Body(b"%PDF-invoice", "application/pdf")),
        ("adjust", {}, Body(b"how the mistake came about", "text/plain")),
    ):
        log.append("square", [draft(client="square", kind="invoice", action=action, facts=facts, body=body)])


def globex(world):
    for name in ("client.yaml", "hosts.yaml", "templates/main.j2"):
        write(
            world, f"inventory/globex/{name}", f"# {CANARY}\n" + ("id: globex\n" if "client" in name else "")
        )
    write(world, "secrets/globex/community", CANARY)
    log = world.wiring.service_log
    log.append(
        "globex", [draft(client="globex", facts={"n": CANARY}, body=Body(CANARY.encode(), "text/plain"))]
    )
    checkpoint(log, world.wiring.signing_key, world.clock, "globex")
    world.wiring.reports.keep("globex", f"{CANARY}.md", CANARY.encode())
    templates = world.workspace / "inventory/square/templates"
    templates.mkdir()
    (templates / "own.j2").write_text("theirs")
    (templates / "link.j2").symlink_to("../../globex/client.yaml")
    (templates / "directory").symlink_to("../../globex")


@pytest.fixture
def key(tmp_path_factory):
    """The client's age key: (file, public key)."""
    path = tmp_path_factory.mktemp("client") / "client.key"
    return path, make_identity(path)
