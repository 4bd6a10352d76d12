"""config/policies/versions.yaml: the oldest software of each platform that is still supported, as dated data."""

import re
from datetime import date, timedelta
from typing import Annotated

from pydantic import AfterValidator, Field

from netmgr.model.base import Frozen
from netmgr.model.change_policy import Regex
from netmgr.model.fields import DateValue, Items, Text, shown

#: After so many days nobody should rely on what was looked up then.
_STALE = timedelta(days=180)

_PIECE = re.compile(r"[0-9]+|[A-Za-z]+")


def version_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """What versions are ordered by: their numbers as numbers, letters after numbers (``17.9.4`` < ``17.9.4a``)."""
    return tuple(
        (0, int(piece), "") if piece.isdecimal() else (1, 0, piece.lower()) for piece in _PIECE.findall(text)
    )


def version_in(text: str) -> str:
    """The version that a device tells; of Cisco's sentence (``IOS Software …, Version 17.9.4a, …``) that word."""
    found = re.search(r"\bVersion ([^\s,]+)", text)
    return found[1] if found else text.strip()


def _version(value: str) -> str:
    if not re.search("[0-9]", value):
        raise ValueError(f"{shown(value)} is no version; write it as the device shows it, such as 17.9.5a")
    return value


Version = Annotated[Text, AfterValidator(_version)]


class Train(Frozen):
    """Versions that one pattern takes as a whole, the oldest of them that is supported, and the last day of support."""

    versions: Regex = ".*"
    minimum: Version
    until: DateValue | None = None


class Software(Frozen):
    """What is supported of one platform: of a version, the first train that takes it tells.

    ``checked`` is the day on which somebody looked it up at ``source``.
    """

    checked: DateValue
    source: Text
    supported: Annotated[Items[Train], Field(min_length=1)]

    def problem(self, version: str, today: date) -> str | None:
        """Why the version is not supported any more; None where it is."""
        train = next((one for one in self.supported if re.fullmatch(one.versions, version)), None)
        if train is None:
            return f"{version} is of no version that is supported"
        if version_key(version) < version_key(train.minimum):
            return f"{version} is older than {train.minimum}, the oldest that is supported"
        if train.until is not None and today > train.until:
            return f"the support of {version} ended on {train.until}"
        return None

    def stale(self, today: date) -> bool:
        """Whether it was looked up too long ago."""
        return today > self.checked + _STALE
