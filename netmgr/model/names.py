"""The words that several models share, with their rules."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, StringConstraints, WithJsonSchema

Lifecycle = Literal["active", "planned", "maintenance", "external"]
Target = Literal["network", "lab"]

#: A client's or device's id; a client's is also its directory's name.
ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
Identifier = Annotated[str, StringConstraints(pattern=ID_PATTERN, max_length=63)]

SECRET_REFERENCE = re.compile(r"secret://(env|file|age|vault)/([a-z0-9]+(?:[_-][a-z0-9]+)*)")

# Cc (controls) and the two Unicode separators: each would end a configuration line or hide text on a terminal.
_NOT_ONE_LINE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def _one_line(value: str) -> str:
    if _NOT_ONE_LINE.search(value):
        raise ValueError("control characters and line breaks are not allowed in a one-line field")
    return value


def _secret(value: str) -> str:
    if not SECRET_REFERENCE.fullmatch(value):
        raise ValueError(
            "a literal secret is not allowed; write secret://env/NAME, secret://file/NAME, secret://age/NAME or "
            "secret://vault/NAME"
        )
    return value


OneLine = Annotated[str, AfterValidator(_one_line)]
SecretRef = Annotated[
    str,
    AfterValidator(_secret),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": f"^{SECRET_REFERENCE.pattern}$",
            "description": "a secret's reference, such as secret://file/login",
        }
    ),
]
