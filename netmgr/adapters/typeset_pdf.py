"""PDF by WeasyPrint, from the HTML that browsers get: tagged, in its language, the same bytes each time.

WeasyPrint and what it needs (Pango, HarfBuzz, fontconfig) are loaded when the first page is typeset.
"""

import copy
import hashlib
import logging
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any
from xml.etree.ElementTree import Element

from netmgr.adapters import facturx_pdf
from netmgr.adapters.package_templates import document_templates
from netmgr.errors import DocumentError
from netmgr.model.printable import printable

PACKAGES = "libpangoft2-1.0-0 libharfbuzz-subset0"
"""What Debian calls the libraries that WeasyPrint loads; they bring Pango, HarfBuzz and fontconfig with them."""

_SVG = "{http://www.w3.org/2000/svg}"
_NAMED = 5
_EPOCH = "SOURCE_DATE_EPOCH"


class WeasyPrint:
    """A typesetter."""

    def pdf(self, page: str, day: date, electronic: bytes | None = None) -> bytes:
        """See netmgr.ports.typesetter."""
        weasyprint = _weasyprint()
        nothing = _nothing()
        html = weasyprint.HTML(string=page, url_fetcher=nothing)
        _draw_alone(html.etree_element)
        with _complaints() as complaints:
            rendered = html.render()
            rendered.metadata.created = rendered.metadata.modified = day.isoformat()
            rendered.metadata.generator = "netmgr"
            identifier = hashlib.sha256(page.encode() + (electronic or b"")).digest()[:16]
            options: dict[str, Any] = {"pdf_variant": "pdf/ua-1", "pdf_identifier": identifier}
            if electronic is not None:
                facturx_pdf.declare(rendered.metadata)
                # The profile A of PDF/A-3 is the one that is tagged.
                options |= {
                    "pdf_variant": "pdf/a-3a",
                    "attachments": [facturx_pdf.attachment(electronic, day)],
                    "finisher": facturx_pdf.once,
                }
            with warnings.catch_warnings(), _dated(day):
                # The file of the colour profile, which WeasyPrint leaves to the garbage collector.
                warnings.simplefilter("ignore", ResourceWarning)
                data: bytes = rendered.write_pdf(**options)
        if nothing.asked:
            raise DocumentError(
                f"the page asks for something from outside: {printable(nothing.asked[0][:200])}"
            )
        if complaints:
            raise DocumentError(f"WeasyPrint could not set the page: {printable(complaints[0][:200])}")
        _require_glyphs({point for font in rendered.fonts.values() for point in font.missing})
        return data


def _weasyprint() -> Any:
    try:
        # Where a library is missing, it prints how to install it on each system, to standard output.
        with redirect_stdout(StringIO()), _by_file_name(), warnings.catch_warnings():
            # It would do without the library that is asked for below.
            warnings.simplefilter("ignore", DeprecationWarning)
            import weasyprint
            from weasyprint.text.ffi import harfbuzz_subset
    except OSError as error:
        raise DocumentError(
            f"PDF needs Pango, which this machine lacks ({str(error).splitlines()[0]}); apt-get install {PACKAGES}"
        ) from error
    if harfbuzz_subset is None:
        # fontTools, which would do it then, makes other bytes: what one engineer rendered, another could not sign.
        raise DocumentError(
            f"PDF needs HarfBuzz-subset, which this machine lacks; apt-get install {PACKAGES}"
        )
    return weasyprint


@contextmanager
def _dated(day: date) -> Iterator[None]:
    """Have ``day`` in a font that is rewritten by fontTools, as one of a variable font is, in place of this second.

    https://reproducible-builds.org/specs/source-date-epoch/
    """
    told = os.environ.get(_EPOCH)
    os.environ[_EPOCH] = str(int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()))
    try:
        yield
    finally:
        if told is None:
            del os.environ[_EPOCH]
        else:
            os.environ[_EPOCH] = told


@contextmanager
def _by_file_name() -> Iterator[None]:
    """Have libraries loaded by the names of their files alone, where these are the same on every machine.

    WeasyPrint tries several names for each; for those that are no file's, ctypes asks ldconfig and gcc: 50 processes.
    """
    import ctypes.util

    find = ctypes.util.find_library
    if sys.platform == "linux":
        ctypes.util.find_library = lambda name: None  # noqa: ARG005  ctypes' signature
    try:
        yield
    finally:
        ctypes.util.find_library = find


def _nothing() -> Any:
    """Fetches nothing: styles and drawings are in the page, fonts are the machine's. ``asked`` is what was asked for.

    Whoever asks gets an error, and most go on without: that is why it is written down.
    """
    from weasyprint.urls import URLFetcher

    class Nothing(URLFetcher):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.asked: list[str] = []

        def fetch(self, url: str, headers: Any = None) -> Any:  # noqa: ARG002  the signature is WeasyPrint's
            self.asked.append(url)
            raise PermissionError(url)

    return Nothing()


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """What WeasyPrint could not do, as a figure without alternative, or a drawing that it leaves out: it goes on."""
    found: list[str] = []
    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: found.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("weasyprint")
    logger.addHandler(handler)
    try:
        yield found
    finally:
        logger.removeHandler(handler)


def _draw_alone(page: Element) -> None:
    """Make each drawing stand alone, for WeasyPrint draws it apart from the page.

    The page's styles and the patterns of other drawings do not reach it, and of its texts only the title becomes the
    figure's alternative: here the title is followed by the description.
    """
    styles, patterns = document_templates()["chart.css"], None
    for drawing in page.iter(f"{_SVG}svg"):
        title, described = drawing.find(f"{_SVG}title"), drawing.find(f"{_SVG}desc")
        if title is None:
            # A sample of a colour: what it stands for is the text behind it.
            title = Element(f"{_SVG}title")
            title.text = (drawing.tail or "").strip()
            drawing.insert(0, title)
        elif described is not None:
            title.text = f"{title.text}: {described.text}"
        own = drawing.find(f"{_SVG}defs")
        if own is not None:
            patterns = own
        elif patterns is not None:
            drawing.append(copy.deepcopy(patterns))
        style = Element(f"{_SVG}style")
        style.text = styles
        drawing.insert(0, style)


def _require_glyphs(missing: set[int]) -> None:
    if not missing:
        return
    named = [f"{printable(chr(point))} (U+{point:04X})" for point in sorted(missing)[:_NAMED]]
    more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
    raise DocumentError(
        f"no font of this machine has {', '.join(named)}{more}; install one that has "
        "(apt-get install fonts-noto-cjk, or another), or write it otherwise"
    )
