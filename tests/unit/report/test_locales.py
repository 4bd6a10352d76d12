"""A report in the client's language, or in the one that is asked for; the same facts in each."""

import re

import pytest

from netmgr.errors import UsageError
from tests.unit.report.reading import Page, artefact, document, figures, rows
from tests.unit.report.story import november

CHINESE = "id: acme\nnames: {en: Acme, zh-CN: 海川}\nlocale: zh-CN\ntimezone: Asia/Shanghai\n"


def test_a_chinese_client_s_report_is_chinese(desk):
    desk.files["client.yaml"] = CHINESE
    ids = november(desk.story())
    made = desk.make(formats=("html", "md", "json", "csv"))
    page = Page(artefact(made, "html"))
    assert ("html", {"lang": "zh-CN"}) in page.elements
    assert "海川：网络服务报告，2026年11月" in page.text
    assert [section["title"] for section in document(made)["sections"]][:3] == ["概要", "变更", "审计"]
    assert "已实施" in page.text
    assert "部署" in page.text
    assert artefact(made, "md").startswith("# 海川：网络服务报告，2026年11月\n\n**草稿，尚未签发。**\n")
    assert not re.search(r"^[^|\n]*[\u4e00-\u9fff](: |\.$)", artefact(made, "md"), re.MULTILINE)
    # Codes stay what they are for programs.
    assert {row["change"]: row["outcome"] for row in rows(made, "changes")}[ids["filter"]] == "rolled_back"
    assert {a.name for a in made.artefacts if a.format == "html"} == {"acme-2026-11.html"}


def test_no_english_is_left_in_a_chinese_report(desk):
    """But for what people and devices are called, codes, and what was written in the log."""
    desk.files["client.yaml"] = CHINESE
    november(desk.story())
    said = set()
    for section in document(desk.make())["sections"]:
        for block in section["blocks"]:
            match block["type"]:
                case "paragraph":
                    said.add(block["text"])
                case "figures":
                    said |= {text for f in block["figures"].values() for text in (f["label"], f["detail"])}
                    said |= {str(f["value"]) for f in block["figures"].values()}
                case "table":
                    said |= {block["caption"], *(column["title"] for column in block["columns"])}
                    said |= {row.get("note") or "" for row in block["rows"]}
                case "chart":
                    said |= {block["title"], block["alternative"], *(s["name"] for s in block["series"])}
    words = {word for text in said for word in re.findall(r"[A-Za-z][A-Za-z-]+[0-9]*", text)}
    assert words - {"core2", "edge2", "branch-north", "edge1"} == {
        *("netmgr", "log", "verify", "acme", "against", "FILE", "Ed25519"),
    }


def test_the_same_figures_in_another_language(desk):
    november(desk.story())
    english, chinese = desk.make(), desk.make(locale="zh-CN")
    assert (english.report.language, chinese.report.language) == ("en", "zh-CN")
    assert [(r["seq"], r["outcome"], r["action"]) for r in rows(english, "changes")] == [
        (r["seq"], r["outcome"], r["action"]) for r in rows(chinese, "changes")
    ]
    numbers = {key: value for key, value in figures(english).items() if isinstance(value, int)}
    assert numbers == {key: value for key, value in figures(chinese).items() if isinstance(value, int)}
    assert {a.name for a in chinese.artefacts} == {
        f"acme-2026-11-zh-CN.{format_}" for format_ in ("html", "md", "json")
    }


def test_a_language_without_texts_is_one_line(desk):
    with pytest.raises(UsageError, match="there are no texts in fr; documents are made in en and zh-CN"):
        desk.make(locale="fr")
    assert desk.log.head("acme") is None


def test_a_client_of_another_language_reads_english(desk):
    desk.files["client.yaml"] = "id: acme\nnames: {en: Acme, de: Acme GmbH}\nlocale: de\n"
    made = desk.make()
    assert (made.report.language, made.report.name) == ("en", "Acme")
