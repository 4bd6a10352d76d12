"""The stand-alone verifier: one file that goes with every export, and that imports nothing of netmgr."""

from importlib.resources import files
from typing import Final

NAME: Final = "verify_log.py"


def source() -> bytes:
    """The verifier's file."""
    return files(__name__).joinpath(NAME).read_bytes()
