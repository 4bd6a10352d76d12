"""The stand-alone verifiers: they go with exports and excerpts, and import nothing of netmgr."""

from importlib.resources import files
from typing import Final

NAME: Final = "verify_log.py"
EXCERPT: Final = "verify_excerpt.py"
"""For a log of which the client may see a part: needs the other one beside it."""


def source(name: str = NAME) -> bytes:
    """A verifier's file."""
    return files(__name__).joinpath(name).read_bytes()
