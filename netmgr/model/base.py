"""The one base of every model: frozen, strict, and a misspelt key fails on day one."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """Immutable value; unknown keys and implicit conversions are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, validate_default=True)
