"""What a page of HTML says, as plain text: nothing is fetched or run, wrong markup is read as it comes."""

from html.parser import HTMLParser
from typing import Final

_SILENT: Final = frozenset({"script", "style", "head", "title", "template", "noscript", "svg", "object"})
_LINES: Final = frozenset(
    {
        "p",
        "div",
        "br",
        "tr",
        "li",
        "ul",
        "ol",
        "table",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "pre",
        "blockquote",
    }
)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._silent: str | None = None

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        if self._silent is None and tag in _SILENT:
            self._silent = tag
        if tag in _LINES:
            self.said.append("\n")
        if tag in ("td", "th"):
            self.said.append(" ")
        if tag == "li":
            self.said.append("- ")

    def handle_startendtag(self, tag: str, _attrs: object) -> None:
        if tag in _LINES:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._silent or (tag in ("body", "html") and self._silent == "head"):
            self._silent = None
        if tag in _LINES:
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        if self._silent is None:
            self.said.append(data.replace("\n", " ").replace("\r", " "))


def text_of_html(markup: str) -> str:
    """The text; lines where the page has blocks, at most one blank line between two."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    lines: list[str] = []
    for line in (" ".join(line.split()) for line in "".join(reader.said).split("\n")):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines).strip("\n")
