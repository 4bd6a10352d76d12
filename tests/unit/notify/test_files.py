"""config/notify.yaml: every mistake with its file and line."""

import pytest
from jsonschema import Draft202012Validator

from netmgr.adapters.notify_yaml import YamlNotify
from netmgr.errors import InputError
from netmgr.model.json_schema import schema
from netmgr.model.notify_settings import NotifySettings, signing_secret, web_address

GOOD = """\
mail: {server: mail.example, from: netmgr@msp.example}
webhooks:
  chat: {url: "https://hooks.example/x", secret: secret://file/chat}
rules:
  - to: [role:technical, "mail:a@msp.example"]
    events: ["audit.*"]
"""


def files(tmp_path, text, **more):
    (tmp_path / "config/notify").mkdir(parents=True)
    (tmp_path / "config/notify.yaml").write_text(text)
    for name, content in more.items():
        (tmp_path / "config/notify" / name.replace("__", ".")).write_text(content)
    return YamlNotify(tmp_path, lambda: ("acme", "globex"))


def test_what_the_file_says(tmp_path):
    settings = files(tmp_path, GOOD).settings()
    assert (settings.mail.server, settings.mail.at_port, settings.mail.security) == (
        "mail.example",
        587,
        "starttls",
    )
    assert [rule.events for rule in settings.of("acme")] == [("audit.*",)]
    assert YamlNotify(tmp_path / "elsewhere", tuple).settings() == NotifySettings()


BAD = {
    "unknown key": (("server:", "sever: x, server:"), "1: mail: unknown key 'sever'; did you mean 'server'?"),
    "no sender": ((", from: netmgr@msp.example", ""), "1: mail: missing key 'from'; add it"),
    "a literal password": (
        ("server:", "user: x, password: hunter2, server:"),
        "1: mail.password: a literal secret is not allowed; write secret://env/NAME, secret://file/NAME, ",
    ),
    "half a login": (("server:", "user: x, server:"), "1: mail: user and password belong together; "),
    "a password in clear": (
        ("server:", "security: none, user: x, password: secret://file/p, server:"),
        "1: mail: a password is not sent in clear; write security: starttls or tls",
    ),
    "http": (
        ("https://hooks", "http://hooks"),
        "3: webhooks.chat.url: is not an https:// address without login; ",
    ),
    "a login in the URL": (
        ("hooks.example", "me:pw@hooks.example"),
        "3: webhooks.chat.url: is not an https:// ",
    ),
    "a literal key": (
        ("secret://file/chat", "whsec_x"),
        "3: webhooks.chat.secret: a literal secret is not allowed; ",
    ),
    "nobody": (
        ("role:technical", "technical"),
        "5: rules[0].to[0]: 'technical' is nobody; write mail:ADDRESS, ",
    ),
    "no role": (("role:technical", "role:boss"), "5: rules[0].to[0]: 'role:boss' is nobody; "),
    "no address": (('"mail:a@msp.example"', '"mail:a b"'), "5: rules[0].to[1]: 'mail:a b' is nobody; "),
    "no webhook": (
        ("role:technical", "webhook:pager"),
        "1: rules: no webhook 'pager' under webhooks; write it there",
    ),
    "no mail server": (
        ("mail: {server: mail.example, from: netmgr@msp.example}\n", ""),
        "1: rules: role:technical is told by mail; write mail: with a server and a sender",
    ),
    "no event": (
        ('"audit.*"', '"audit drifted"'),
        "6: rules[0].events[0]: 'audit drifted' is no event; write ",
    ),
    "no client": (
        ("    events:", "    clients: [acm]\n    events:"),
        "6: no client acm; did you mean 'acme'?",
    ),
    "no severity": (
        ("    events:", "    severity: bad\n    events:"),
        "6: rules[0].severity: must be 'info', 'warning', 'error' or 'critical'",
    ),
    "no days": (("rules:", "keep_days: 0\nrules:"), "4: keep_days: must be 1 or more"),
    "no network": (
        ("rules:", "allow: [10.0.0.1/8]\nrules:"),
        "4: allow[0]: '10.0.0.1/8' has host bits; write 10.0.0.0/8",
    ),
}


@pytest.mark.parametrize(("change", "problem"), BAD.values(), ids=BAD)
def test_a_mistake_is_named_with_its_line(tmp_path, change, problem):
    assert change[0] in GOOD
    with pytest.raises(InputError) as error:
        files(tmp_path, GOOD.replace(*change, 1)).settings()
    assert len(error.value.problems) == 1
    assert error.value.problems[0].startswith(f"config/notify.yaml:{problem}")
    assert "pw@" not in str(error.value)
    assert "hunter2" not in str(error.value)


def test_templates_have_names_that_are_read(tmp_path):
    found = files(tmp_path, GOOD, mail__txt__j2="x", **{"mail__zh-CN__txt__j2": "y"})
    assert found.templates() == {"mail.txt.j2": "x", "mail.zh-CN.txt.j2": "y"}
    (tmp_path / "config/notify/mail.html.j2").write_text("")
    with pytest.raises(InputError) as error:
        found.templates()
    assert error.value.problems == (
        "config/notify/mail.html.j2:1: the file would not be read; did you mean 'mail.txt.j2'?",
    )


def test_the_schema_takes_what_the_file_may_say_and_no_other_key():
    import yaml

    validator = Draft202012Validator(schema("notify"))
    assert list(validator.iter_errors(yaml.safe_load(GOOD))) == []
    for wrong in (
        {"mails": {}},
        {"rules": [{"to": ["boss"]}]},
        {"webhooks": {"chat": {"url": "ftp://x", "secret": "secret://file/x"}}},
        {"mail": {"server": "x", "from": "netmgr@msp.example", "security": "maybe"}},
    ):
        assert list(validator.iter_errors(wrong)) != []


@pytest.mark.parametrize(
    "text",
    [
        "https://h.example",
        "https://h.example:8443/a?b=c",
        "https://[2001:db8::1]/x",
        "http://127.0.0.1:8080/x",
    ],
)
def test_these_are_web_addresses(text):
    assert web_address(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "http://h.example/",
        "https://a@h.example/",
        "https:///x",
        "https://h.example/ x",
        "https://h/#x",
        "file:///x",
    ],
)
def test_these_are_not(text):
    with pytest.raises(ValueError, match="is not an https:// address"):
        web_address(text)


def test_a_signing_secret_has_24_bytes_or_more():
    assert signing_secret("whsec_" + "A" * 32) == bytes(24)
    for wrong in ("whsec_AAAA", "whsec_" + "A" * 100, "!", ""):
        with pytest.raises(
            ValueError, match=r"^the secret is not whsec_ and the base64 of 24 to 64 random bytes$"
        ):
            signing_secret(wrong)
