"""What python-docx has no words for, said in Office Open XML (ECMA-376 part 1, WordprocessingML)."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document as File
    from docx.section import Section
    from docx.table import Table, _Row
    from docx.text.paragraph import Paragraph

LATIN, CHINESE = "Arial", "Microsoft YaHei"
"""What a word processor has, or replaces by what it has. East Asian text has a font of its own (w:eastAsia)."""

_INK = "1C2430"
_SIZES = {"Normal": 10, "Title": 20, "Subtitle": 10, "Heading 1": 13, "Heading 2": 11, "Heading 3": 10}
_STYLES = (*_SIZES, "Heading 4", "Caption", "Header", "Footer", "List Bullet")


def language(file: "File", tag: str) -> None:
    """The document's language, and its fonts: spelling, line breaks and the shapes of characters depend on both."""
    from docx.oxml.ns import qn

    (spoken,) = file.styles.element.iter(qn("w:lang"))
    # Latin words in a Chinese text are English; the other one has its say where there is Chinese in an English text.
    spoken.set(qn("w:val"), "en-GB")
    spoken.set(qn("w:eastAsia"), "zh-CN")
    theme = file.settings.element.find(qn("w:themeFontLang"))
    theme.set(qn("w:val"), "en-GB" if tag == "en" else tag)
    theme.set(qn("w:eastAsia"), "zh-CN")
    for name in _STYLES:
        _style(file.styles[name], name)


def _style(style: Any, name: str) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in list(fonts.attrib):
        del fonts.attrib[attribute]
    for script, font in (("ascii", LATIN), ("hAnsi", LATIN), ("cs", LATIN), ("eastAsia", CHINESE)):
        fonts.set(qn(f"w:{script}"), font)
    style.font.color.rgb = RGBColor.from_string(_INK)
    style.font.italic = False
    if name in _SIZES:
        style.font.size = Pt(_SIZES[name])
    form = style.paragraph_format
    if name == "Normal":
        form.space_after, form.line_spacing = Pt(6), 1.2
    elif name == "List Bullet":
        form.space_after = Pt(3)
    elif name.startswith("Heading"):
        form.space_before, form.space_after = Pt(16 if name == "Heading 1" else 10), Pt(5)
    elif name == "Title":
        for line in style.element.pPr.findall(qn("w:pBdr")):
            style.element.pPr.remove(line)


def margins(section: "Section") -> None:
    """A4, with the margins of the PDF."""
    from docx.shared import Mm

    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin, section.bottom_margin = Mm(22), Mm(20)


def page_numbers(section: "Section", left: str, around: tuple[str, str, str]) -> None:
    """The footer: ``left``, and at its other end the page's number and how many there are, with words around."""
    from docx.enum.text import WD_TAB_ALIGNMENT

    paragraph = section.footer.paragraphs[0]
    stops = paragraph.paragraph_format.tab_stops
    # The style's own stops are those of another width of page.
    for stop in list(paragraph.style.paragraph_format.tab_stops if paragraph.style else ()):
        stops.add_tab_stop(stop.position, WD_TAB_ALIGNMENT.CLEAR)
    width = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
    stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT)
    before, between, after = around
    paragraph.add_run(f"{left}\t{before}")
    _field(paragraph, "PAGE")
    paragraph.add_run(between)
    _field(paragraph, "NUMPAGES")
    paragraph.add_run(after)


def _field(paragraph: "Paragraph", code: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run = paragraph.add_run("1")
    field.append(run._element)
    paragraph._element.append(field)


def repeated(row: "_Row") -> None:
    """The row stands at the head of each page that the table goes on to, and names the columns."""
    _row(row, "w:tblHeader")


def whole(row: "_Row") -> None:
    """No page ends within the row."""
    _row(row, "w:cantSplit")


def _row(row: "_Row", name: str) -> None:
    from docx.oxml import OxmlElement

    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement(name))


def described(table: "Table", caption: str) -> None:
    """What the table is called by whoever reads it aloud."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    found = OxmlElement("w:tblCaption")
    found.set(qn("w:val"), caption)
    table._tbl.tblPr.append(found)


def ruled(paragraph: "Paragraph") -> None:
    """A line under the paragraph, from side to side: to write on."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders = OxmlElement("w:pBdr")
    line = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "4"), ("space", "1"), ("color", _INK)):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    properties = paragraph._p.get_or_add_pPr()
    # Where the schema wants it: before these.
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
