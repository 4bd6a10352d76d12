"""The program's own templates and catalogues of texts, which are part of the program and not of the workspace."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from netmgr.document.locale import LOCALES, Catalogue, Words, catalogue, english
from netmgr.errors import UsageError


def document_templates() -> Mapping[str, str]:
    """The files of netmgr/document/templates by name."""
    return _files("netmgr.document", "templates")


def report_templates() -> Mapping[str, str]:
    """The same, and the files of netmgr/report/templates."""
    return {**document_templates(), **_files("netmgr.report", "templates")}


def words_in(locale: str, zone: str = "UTC") -> Words:
    """The words of a locale, with moments on the clocks of ``zone``. Raises UsageError for one without texts."""
    if locale not in LOCALES:
        raise UsageError(f"there are no texts in {locale}; documents are made in {' and '.join(LOCALES)}")
    return english(zone) if locale == "en" else Words(locale, _catalogue(locale), zone)


@cache
def _catalogue(locale: str) -> Catalogue:
    return catalogue(locale, _files("netmgr.document", f"texts/{locale}"))


def _files(package: str, directory: str) -> Mapping[str, str]:
    found = files(package).joinpath(directory)
    return {file.name: file.read_text(encoding="utf-8") for file in found.iterdir() if file.is_file()}
