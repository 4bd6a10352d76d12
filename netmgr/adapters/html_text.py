"""What a page of HTML says, as plain text: nothing is fetched or run, wrong markup is read as it comes.

The standard library's parser takes hours for some megabytes of comments that never end, and mail is written by anybody.
Here each character is looked at a few times at most, whatever the markup.
"""

import re
from html import unescape
from typing import Final

_LONGEST: Final = 4 * 1024 * 1024
"""Characters that are read."""

_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
_SILENT: Final = {
    name: re.compile(f"</{name}", re.IGNORECASE)
    for name in ("script", "style", "title", "template", "noscript", "svg", "object")
}
_LINES: Final = frozenset(
    (
        *("p", "div", "br", "tr", "li", "ul", "ol", "table", "hr", "pre", "blockquote"),
        *("h1", "h2", "h3", "h4", "h5", "h6"),
    )
)


def text_of_html(markup: str) -> str:
    """The text; lines where the page has blocks, at most one blank line between two."""
    lines: list[str] = []
    for line in (" ".join(line.split()) for line in "".join(_said(markup[:_LONGEST])).split("\n")):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines).strip("\n")


def _said(markup: str) -> list[str]:
    said: list[str] = []
    at, end = 0, len(markup)
    while at < end:
        begin = markup.find("<", at)
        begin = end if begin < 0 else begin
        said.append(unescape(markup[at:begin]).replace("\n", " "))
        tag = _TAG.match(markup, begin)
        if tag is not None:
            at = _after(markup, ">", tag.end())
            name = tag[2].lower()
            if not tag[1] and name in _SILENT:
                closing = _SILENT[name].search(markup, at)
                at = closing.start() if closing else end
            said.append(_instead(name, closes=bool(tag[1])))
        elif markup.startswith("<!--", begin):
            at = _after(markup, "-->", begin + 4)
        elif markup.startswith(("<!", "<?", "</"), begin):
            at = _after(markup, ">", begin)
        else:
            said.append(markup[begin : begin + 1])
            at = begin + 1
    return said


def _after(markup: str, mark: str, at: int) -> int:
    """Behind the next mark; the end where it never comes."""
    found = markup.find(mark, at)
    return len(markup) if found < 0 else found + len(mark)


def _instead(name: str, *, closes: bool) -> str:
    if name == "li" and not closes:
        return "\n- "
    if name in ("td", "th"):
        return " "
    return "\n" if name in _LINES else ""
