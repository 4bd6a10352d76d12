"""The one base of every model: frozen, strict, and a misspelt key fails on day one."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """Immutable value; unknown keys and implicit conversions are errors."""

    # Built when first used: a command needs a few of some 270 models, and all of them cost 0.1 s of CPU at each start.
    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, validate_default=True, defer_build=True
    )
