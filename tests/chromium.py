"""Chromium for the tests that look at pages: the machine's own, or Debian's unpacked into the user's cache.

``python -m tests.chromium`` (`make chromium`) fetches it where the machine lacks it: nothing is installed.
"""

import os
import shutil
import tempfile
from pathlib import Path

from netmgr.lab.debian import fetch
from netmgr.lab.kit import default_cache

PACKAGES = ("chromium",)
_PROGRAM = "usr/lib/chromium/chromium"


def cache() -> Path:
    """Where the packages are unpacked."""
    return default_cache() / "chromium"


def is_here(tree: Path) -> bool:
    """Whether there is a browser below ``tree``."""
    return (tree / _PROGRAM).exists()


def program(host: Path = Path("/")) -> Path:
    """The browser's program. Raises AssertionError where there is none."""
    tree = host if is_here(host) else cache()
    assert is_here(tree), "no Chromium here; `make chromium` fetches it"
    return tree / _PROGRAM


def environment(host: Path = Path("/")) -> dict[str, str]:
    """What the browser is started with: its libraries, where they are not the machine's."""
    if is_here(host):
        return dict(os.environ)
    directories = {path.parent for path in (cache() / "usr/lib").rglob("*.so.*")}
    return {**os.environ, "LD_LIBRARY_PATH": ":".join(map(str, sorted(directories)))}


def setup(host: Path = Path("/")) -> None:
    """Unpack the packages, unless ``host`` or the cache has a browser."""
    if is_here(host) or is_here(cache()):
        print(f"Chromium: {program(host)}")
        return
    cache().parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=cache().parent) as directory:
        new = Path(directory) / "tree"
        new.mkdir()
        fetch(PACKAGES, new, host, print)
        shutil.rmtree(cache(), ignore_errors=True)
        new.rename(cache())
    print(f"Chromium: {program(host)}")


if __name__ == "__main__":
    setup()
