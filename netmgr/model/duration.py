"""Lengths of time as people write them: ``24h``, ``90d``."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

from netmgr.model.fields import shown

_UNITS = {"m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_DURATION = r"[1-9][0-9]{0,4}[mhdw]"


def _duration(value: str) -> str:
    if not re.fullmatch(_DURATION, value):
        raise ValueError(
            f"{shown(value)} is no length of time; write minutes, hours, days or weeks like 24h or 90d"
        )
    return value


Duration = Annotated[
    str, AfterValidator(_duration), WithJsonSchema({"type": "string", "pattern": f"^{_DURATION}$"})
]


def length(duration: str) -> timedelta:
    """How long a ``Duration`` is; days and weeks are of 24 hours."""
    return timedelta(seconds=int(duration[:-1]) * _UNITS[duration[-1]])
