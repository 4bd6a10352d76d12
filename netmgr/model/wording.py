"""Words that people read, in one language or several: what a document says in each language that it is made in."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, StringConstraints

from netmgr.model.fields import LocaleTag
from netmgr.model.names import OneLine

Prose = Annotated[OneLine, StringConstraints(min_length=1, max_length=4000)]
Translations = Annotated[Mapping[LocaleTag, Prose], Field(min_length=1)]
#: One text that stands in every language (a name), or one for each.
Wording = Prose | Translations


def in_language(wording: Wording, locale: str) -> str | None:
    """The text in this language; None where there is none."""
    return wording if isinstance(wording, str) else wording.get(locale)
