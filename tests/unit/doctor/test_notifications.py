"""The self-test of telling people."""

from datetime import UTC, datetime, timedelta

import pytest

from netmgr.adapters.notify_yaml import YamlNotify
from netmgr.adapters.outbox_memory import MemoryOutbox
from netmgr.adapters.secrets_local import LocalSecrets
from netmgr.model.notification import Notification, Routed
from netmgr.ports.post import Post
from netmgr.workflows.doctor_notify import notifications

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
FILE = """\
mail: {server: mail.example, user: x, password: secret://env/smtp, from: netmgr@msp.example}
webhooks: {chat: {url: secret://env/url, secret: secret://env/key}}
rules: [{to: role:technical}]
"""
SECRETS = {f"NETMGR_SECRET__WORKSPACE__{name}": "x" for name in ("SMTP", "URL", "KEY")}


@pytest.fixture
def examined(tmp_path):
    outbox = MemoryOutbox()

    def checks(text=FILE, environment=SECRETS, notes=()):
        (tmp_path / "config").mkdir(exist_ok=True)
        (tmp_path / "config/notify.yaml").write_text(text)
        outbox.route("acme", [], lambda _: Routed(tuple(notes)))
        post = Post(YamlNotify(tmp_path, lambda: ("acme",)), outbox, lambda _: {})
        secrets = LocalSecrets(tmp_path / "secrets", environment)
        found = notifications(post, secrets, "_workspace", ["acme"], NOW)
        return [(check.name, check.status, check.detail, check.remedy) for check in found]

    return checks


def note(number, state="pending", hours=0):
    created = (NOW - timedelta(hours=hours)).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return Notification(f"n-{number}", "acme", f"webhook:x{number}", "error", created, b"{}", state)


def test_all_is_well(examined):
    assert examined() == [
        ("config/notify.yaml", "ok", "1 rules", ""),
        ("secret://env/smtp", "ok", "resolves", ""),
        ("secret://env/key", "ok", "resolves", ""),
        ("secret://env/url", "ok", "resolves", ""),
        ("acme", "ok", "nothing waits for long", ""),
    ]


def test_nothing_is_said_where_nobody_is_to_be_told(examined):
    assert examined("rules: []\n", {}) == []


def test_what_cannot_be_used_has_failed(examined):
    assert examined("rules: {}\n") == [
        (
            "config/notify.yaml",
            "failed",
            "config/notify.yaml:1: rules: must be a list, not a mapping",
            "netmgr validate",
        )
    ]
    assert examined(environment={})[1] == (
        "secret://env/smtp",
        "failed",
        "cannot be resolved",
        "set the environment variable NETMGR_SECRET__WORKSPACE__SMTP",
    )


def test_what_waits_and_what_was_given_up_are_warnings(examined):
    found = examined(notes=[note(1, "failed"), note(2, hours=5)])
    assert found[-2:] == [
        ("acme", "warning", "1 given up", "netmgr notify list -c acme --state failed"),
        (
            "acme",
            "warning",
            "the oldest news has waited for 5 hours",
            "netmgr notify send --due, and a job `notify` in config/schedule.yaml",
        ),
    ]
