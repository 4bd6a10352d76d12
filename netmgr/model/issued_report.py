"""A report that was issued: its cut, its checkpoint, and its files by their digests, as the log's entry has them."""

from collections.abc import Mapping
from typing import Any, Final, Literal, Self

from pydantic import Field, ValidationError

from netmgr.model.audience import Audience
from netmgr.model.base import Frozen
from netmgr.model.fields import DateValue, Items

KIND: Final = "report"
ACTION: Final = "issue"

Format = Literal["html", "pdf", "md", "json", "csv"]


class KeptFile(Frozen):
    """One file. ``name`` is what it is called where it is given out; it is kept by its digest (SHA-256)."""

    name: str
    format: Format
    audience: Audience
    digest: str = Field(pattern="[0-9a-f]{64}")
    size: int

    @property
    def kept(self) -> str:
        """What it is called where it is kept: no two files are called so."""
        stem, _, ending = self.name.rpartition(".")
        return f"{stem}.{self.digest}.{ending}"


class IssuedReport(Frozen):
    """One revision of a period's report. ``since`` is the cut of the revision before it."""

    from_: DateValue = Field(alias="from")
    to: DateValue
    timezone: str
    revision: int = Field(ge=1)
    locale: str
    cut: int
    since: int | None = None
    verified: bool | None = None
    """Whether the log verified when it was issued; None where it was not asked to."""
    checkpoint: Mapping[str, str | int]
    files: Items[KeptFile]

    @classmethod
    def parse(cls, facts: Mapping[str, Any]) -> Self | None:
        """What an entry's facts hold; None where they are not of an issued report."""
        try:
            return cls.model_validate(facts)
        except ValidationError:
            return None

    @property
    def audiences(self) -> tuple[Audience, ...]:
        """For whom there are files."""
        return tuple(dict.fromkeys(file.audience for file in self.files))

    @property
    def formats(self) -> tuple[Format, ...]:
        """What the files are."""
        return tuple(dict.fromkeys(file.format for file in self.files))
