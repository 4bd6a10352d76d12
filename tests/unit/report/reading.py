"""Reading reports as their readers' programs do."""

import json
from html.parser import HTMLParser
from typing import Any

from netmgr.workflows.report import MadeReport

VOID = {"meta", "br"}


def artefact(made: MadeReport, format_: str) -> str:
    (found,) = (a.data for a in made.artefacts if a.format == format_)
    return found.decode()


def document(made: MadeReport) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(artefact(made, "json"))
    return found


def block(made: MadeReport, section: str, type_: str, key: str | None = None) -> dict[str, Any]:
    """The first block of this type, and key, in a section of the JSON document."""
    (found,) = (s for s in document(made)["sections"] if s["key"] == section)
    blocks: list[dict[str, Any]] = found["blocks"]
    return next(b for b in blocks if b["type"] == type_ and key in (None, b.get("key")))


def rows(made: MadeReport, section: str, key: str | None = None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = block(made, section, "table", key)["rows"]
    return found


def figures(made: MadeReport) -> dict[str, Any]:
    found = block(made, "summary", "figures")["figures"]
    return {key: figure["value"] for key, figure in found.items()}


class Page(HTMLParser):
    """What a browser makes of the page: its elements with their attributes, and its text. Refuses unclosed elements."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.tables: list[list[list[str]]] = []
        self.feed(text)
        self.close()
        assert self.open == [], "elements left open"
        self.text = "".join(self.words)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" in self.open:
            return
        self.words.append(data)
        if self.open and {"td", "th"} & set(self.open):
            self.tables[-1][-1][-1] += data

    def names(self) -> set[str]:
        return {tag for tag, _ in self.elements}
