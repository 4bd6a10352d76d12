"""A document as one HTML file that needs nothing else: no script, no font, no picture from anywhere.

Every text is escaped, and a control character shown as what it is. Data is never a template: the templates are the
package's own.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from netmgr.document.block import Document
from netmgr.document.drawing import drawing
from netmgr.document.html_rows import SIGNS, table_rows
from netmgr.document.layout import top
from netmgr.document.locale import Words
from netmgr.document.wording import shown
from netmgr.model.printable import printable


def html(document: Document, words: Words, templates: Mapping[str, str]) -> str:
    """The page. ``templates`` are the files of netmgr/document/templates by name."""
    return rendered("document.html.j2", templates, words, document=document)


def rendered(name: str, templates: Mapping[str, str], words: Words, **values: object) -> str:
    """The template of this name, filled in. Blocks are rendered by ``block.html.j2``, in these words."""
    functions = {
        "pages": words.text("Page {page} of {pages}", page="\0", pages="\0").split("\0"),
        "rows": lambda table: table_rows(table, words),
        "shown": lambda fact: shown(fact.value, fact.kind, "", words),
        "words": words,
    }
    environment = _environment(tuple(sorted(templates.items())))
    return environment.get_template(name).render(functions | values)


@lru_cache(maxsize=4)
def _environment(templates: tuple[tuple[str, str], ...]) -> Environment:
    """Compiled once: that takes longer than filling them in."""
    environment = Environment(
        loader=DictLoader(dict(templates)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_safe,
    )
    environment.globals |= {"css": css_string, "drawing": drawing, "signs": SIGNS, "top": top}
    environment.tests["block"] = lambda block, name: type(block).__name__ == name
    return environment


def css_string(text: str) -> Markup:
    """A string of CSS that reads as ``text``, whatever is in it; also within ``<style>`` (CSS Syntax 3, 4.3.7)."""
    return Markup('"%s"') % Markup(  # noqa: S704  nothing but letters, digits, spaces and \\hex is left
        "".join(c if c == " " or (c.isascii() and c.isalnum()) else f"\\{ord(c):x} " for c in printable(text))
    )


def _safe(value: Any) -> Any:
    # Markup is what a template's own macro made, and its values have been here already.
    return printable(value) if type(value) is str else value
