"""A notification in words. What it holds is never a template, and drives no terminal and no mail header."""

from datetime import UTC, datetime

import pytest

from netmgr.adapters.notify_yaml import YamlNotify
from netmgr.model.canonical import canonical
from netmgr.model.client import Client
from netmgr.notify.message import message

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HOSTILE = "{{ 7*7 }}{% raw %}\r\nBcc: all@evil.example\x1b[31m\u202e"


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    return YamlNotify(tmp_path_factory.mktemp("none"), tuple).own_templates


def item(**known):
    base = {"event": "audit.drifted", "severity": "warning", "state": "problem", "outcome": "drifted"}
    return base | {"action": "audit", "time": "2026-11-23T08:00:00Z", "stream": "main", "seq": 7} | known


def words(templates, *items, locale="en", **known):
    document = {
        "id": "n-1",
        "client": "acme",
        "target": "network",
        "request": "r-1",
        "time": "2026-11-23T08:00:00Z",
        "severity": "warning",
        "recovered": False,
        "omitted": 0,
        "items": list(items),
    } | known
    names = {"en": "Acme", "zh-CN": "艾克米"}
    client = Client(id="acme", names=names, timezone="Asia/Shanghai", locale=locale)
    return message("mail:noc@acme.example", NOW, canonical(document), client, templates)


SUBJECTS = {
    "one": ([item(device="core1")], {}, "warning: acme: audit core1 drifted"),
    "many devices": (
        [item(device=f"r{n}") for n in range(5)],
        {},
        "warning: acme: audit r0, r1, r2 and 2 more drifted",
    ),
    "several kinds of news": (
        [item(device="r1"), item(device="r2", event="audit.error", outcome="error")],
        {"severity": "error"},
        "error: acme: audit r1 drifted; audit r2 error",
    ),
    "over": (
        [item(device="r1", event="audit.compliant", outcome="compliant", state="recovered")],
        {"recovered": True},
        "well again: acme: audit r1 compliant",
    ),
    "in the lab": ([item()], {"target": "lab"}, "warning: acme (lab): audit drifted"),
    "all kinds": (
        [item(event=f"k{n}.failed", outcome="failed") for n in range(5)],
        {},
        "warning: acme: k0 failed; k1 failed; k2 failed …",
    ),
}


@pytest.mark.parametrize(("items", "known", "subject"), SUBJECTS.values(), ids=SUBJECTS)
def test_a_subject_says_what_happened(own, items, known, subject):
    assert words(own, *items, **known).subject == subject


def test_a_text_says_what_to_look_at_on_the_client_s_clocks(own):
    made = words(
        own,
        item(
            event="change.rolled_back",
            outcome="rolled_back",
            state="once",
            change="c-1",
            ticket="T-7",
            since="2026-11-23T07:00:00Z",
            devices={"rolled_back": ["core1", "core2"]},
        ),
    )
    assert made.text.splitlines() == [
        "Acme (acme), network: warning",
        "",
        "event: change.rolled_back",
        "    when      2026-11-23 16:00:00 CST",
        "    since     2026-11-23 15:00:00 CST",
        "    change    c-1",
        "    ticket    T-7",
        "    rolled_back core1, core2",
        "    look      netmgr log show -c acme 7",
        "",
        "-- ",
        "netmgr, notification n-1",
    ]


def test_what_is_told_is_no_template_no_header_and_no_terminal(own):
    made = words(own, item(device=HOSTILE, ticket=HOSTILE))
    assert "{{ 7*7 }}{% raw %}" in made.subject
    assert "\n" not in made.subject
    assert "\r" not in made.subject
    assert "\x1b" not in made.subject + made.text
    assert "\u202e" not in made.subject + made.text
    assert "49" not in made.text


def test_a_client_s_own_locale_is_spoken(own):
    made = words(own, item(device="core1", state="problem", ticket="T-7"), locale="zh-CN")
    assert made.subject == "警告\uff1a艾克米\uff1aaudit core1 drifted"
    assert made.text.splitlines() == [
        "艾克米\uff08acme\uff09\uff0c生产网\uff1a警告",
        "",
        "问题\uff1aaudit.drifted\uff0c设备 core1",
        "    时间      2026-11-23 16:00:00 CST",
        "    工单      T-7",
        "    查看      netmgr log show -c acme 7",
        "",
        "-- ",
        "netmgr\uff0c通知 n-1",
    ]


@pytest.mark.parametrize(
    ("locale", "more"), [("en", "and 40 more: netmgr log"), ("zh-CN", "另有 40 项\uff1anetmgr log")]
)
def test_a_text_has_fifty_items_and_says_how_many_more_there_are(own, locale, more):
    made = words(own, *(item(device=f"r{n}") for n in range(60)), omitted=30, locale=locale)
    assert (made.text.count("audit.drifted"), made.text.count(more)) == (50, 1)


def test_the_workspace_has_words_of_its_own_and_others_for_a_locale(own):
    templates = own | {
        "subject.txt.j2": "{{ client }}!",
        "mail.zh-CN.txt.j2": "{{ name }}: {{ items | length }}",
    }
    assert words(templates, item()).subject == "acme!"
    made = words(templates, item(), locale="zh-CN")
    assert made.text == "艾克米: 1"
    assert words(own | {"mail.de.txt.j2": "Hallo {{ name }}"}, item(), locale="de").text == "Hallo Acme"


@pytest.mark.parametrize(
    ("template", "problem"),
    [
        ("{{ nothing }}", "subject.txt.j2: UndefinedError: 'nothing' is undefined"),
        (
            "{% if %}",
            "subject.txt.j2:1: TemplateSyntaxError: Expected an expression, got 'end of statement block'",
        ),
        (
            "{{ client.__class__.__mro__ }}",
            "subject.txt.j2: SecurityError: access to attribute '__class__' of 'str'",
        ),
        ("{{ 1 // 0 }}", "subject.txt.j2: ZeroDivisionError: "),
        ("{% include 'passwd' %}", "subject.txt.j2: TemplateNotFound: passwd"),
    ],
)
def test_a_template_that_cannot_be_used_is_named(own, template, problem):
    with pytest.raises(ValueError, match=r"^subject\.txt\.j2") as error:
        words(own | {"subject.txt.j2": template}, item())
    assert str(error.value).startswith(problem)


def test_a_subject_is_short(own):
    assert len(words(own, item(device="x" * 5000)).subject) == 200
