"""Chromium for the tests that look at pages: the machine's own, or Debian's unpacked into the user's cache.

``python -m tests.chromium`` (`make chromium`) fetches it where the machine lacks it: nothing is installed.
"""

import os
from pathlib import Path

from tests.debian import cache, unpack

PACKAGES = ("chromium",)
_PROGRAM = "usr/lib/chromium/chromium"


def is_here(tree: Path) -> bool:
    """Whether there is a browser below ``tree``."""
    return (tree / _PROGRAM).exists()


def program(host: Path = Path("/")) -> Path:
    """The browser's program. Raises AssertionError where there is none."""
    tree = host if is_here(host) else cache("chromium")
    assert is_here(tree), "no Chromium here; `make chromium` fetches it"
    return tree / _PROGRAM


def environment(host: Path = Path("/")) -> dict[str, str]:
    """What the browser is started with: its libraries, where they are not the machine's."""
    if is_here(host):
        return dict(os.environ)
    directories = {path.parent for path in (cache("chromium") / "usr/lib").rglob("*.so*")}
    return {**os.environ, "LD_LIBRARY_PATH": ":".join(map(str, sorted(directories)))}


def setup(host: Path = Path("/")) -> None:
    """Unpack the packages, unless ``host`` has a browser."""
    unpack("chromium", PACKAGES, is_here, host)


if __name__ == "__main__":
    setup()
