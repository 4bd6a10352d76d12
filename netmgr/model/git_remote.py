"""Where git pushes to: nothing that makes it run a program (``ext::``), read an option, or hold a password."""

import re
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

#: Transports of git that ask nobody and run nothing but ssh; a password would stand before the @.
_REMOTE = r"(?:ssh|https)://(?:[A-Za-z0-9_][A-Za-z0-9._-]*@)?[A-Za-z0-9][A-Za-z0-9.-]*(?::[0-9]{1,5})?/[A-Za-z0-9._~/-]+"
_PATH = r"(?:/|\./|\.\./)[A-Za-z0-9._~/-]+"


def _remote(value: str) -> str:
    if not re.fullmatch(_REMOTE, value):
        # Not shown: somebody may have put a password into it.
        raise ValueError("is no place for git to push to; write ssh://USER@HOST/PATH or https://HOST/PATH")
    return value


def _place(value: str) -> str:
    return value if re.fullmatch(_PATH, value) else _remote(value)


GitRemote = Annotated[
    str, AfterValidator(_remote), WithJsonSchema({"type": "string", "pattern": f"^{_REMOTE}$"})
]
"""A repository on another machine."""

GitPlace = Annotated[
    str, AfterValidator(_place), WithJsonSchema({"type": "string", "pattern": f"^(?:{_REMOTE}|{_PATH})$"})
]
"""The same, or a repository in a directory: absolute, or from the workspace (``./``, ``../``)."""
