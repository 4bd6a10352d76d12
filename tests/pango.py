"""Pango and fonts for the tests that make PDF: the machine's own, or Debian's unpacked into the user's cache.

``python -m tests.pango`` (`make pango`) fetches them where the machine lacks them: nothing is installed. Whoever runs
the tests has them by ``use()``, in this process and in those that it starts.
"""

import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from netmgr.adapters.typeset_pdf import PACKAGES
from netmgr.lab.debian import fetch
from netmgr.lab.kit import default_cache

FONTS = ("fonts-dejavu-core", "fonts-noto-cjk")
_LIBRARIES = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")
_SYSTEM_FONTS = Path("/usr/share/fonts")
_FONT_FILES = ("DejaVuSans.ttf", "NotoSansCJK-Regular.ttc")


def cache() -> Path:
    """Where the packages are unpacked."""
    return default_cache() / "pango"


def is_here(tree: Path) -> bool:
    """Whether there is all that a PDF in Chinese needs below ``tree``."""
    fonts = {path.name for path in (tree / "usr/share/fonts").rglob("*")}
    return fonts.issuperset(_FONT_FILES) and all(
        next(tree.glob(f"usr/lib/*/{name}"), None) for name in _LIBRARIES
    )


def setup(host: Path = Path("/")) -> None:
    """Unpack the packages, unless ``host`` has what they bring."""
    if is_here(host) or is_here(cache()):
        print(f"Pango: {host if is_here(host) else cache()}")
        return
    cache().parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=cache().parent) as directory:
        new = Path(directory) / "tree"
        new.mkdir()
        fetch([*PACKAGES.split(), *FONTS], new, host, print)
        (new / "fonts.conf").write_text(
            '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>'
            f"<dir>{cache()}/usr/share/fonts</dir><dir>{_SYSTEM_FONTS}</dir>"
            f"<cachedir>{cache()}/fontconfig</cachedir></fontconfig>\n"
        )
        shutil.rmtree(cache(), ignore_errors=True)
        new.rename(cache())
    print(f"Pango: {cache()}")


def use(host: Path = Path("/")) -> None:
    """Have what was fetched found, where the machine has none of its own."""
    if is_here(host) or not is_here(cache()):
        return
    (directory,) = {path.parent for path in cache().glob("usr/lib/*/libpango-1.0.so.0")}
    os.environ["FONTCONFIG_FILE"] = str(cache() / "fonts.conf")
    # For what is started from here; this process has read it already, and is given the libraries one by one.
    os.environ["LD_LIBRARY_PATH"] = str(directory)
    waiting = sorted(directory.glob("*.so.*"))
    while waiting:
        left = [path for path in waiting if not _loaded(path)]
        if len(left) == len(waiting):
            break
        waiting = left


def _loaded(path: Path) -> bool:
    """Whether it could be loaded: not before those that it needs."""
    try:
        ctypes.CDLL(str(path), mode=ctypes.RTLD_GLOBAL)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    setup()
    sys.exit(subprocess.call([sys.executable, "-c", "from tests.pango import use; use(); import weasyprint"]))
