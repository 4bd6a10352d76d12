"""Pango and fonts for the tests that make PDF: the machine's own, or Debian's unpacked into the user's cache.

``python -m tests.pango`` (`make pango`) fetches them where the machine lacks them: nothing is installed. Whoever runs
the tests has them by ``use()``, in this process and in those that it starts.
"""

import ctypes
import os
import subprocess
import sys
from pathlib import Path

from netmgr.adapters.typeset_pdf import PACKAGES
from tests.debian import cache, unpack

FONTS = ("fonts-dejavu-core", "fonts-noto-cjk")
_LIBRARIES = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")
_SYSTEM_FONTS = Path("/usr/share/fonts")
_FONT_FILES = ("DejaVuSans.ttf", "NotoSansCJK-Regular.ttc")


def is_here(*trees: Path) -> bool:
    """Whether there is all that a PDF in Chinese needs below one or the other of ``trees``."""
    fonts = {path.name for tree in trees for path in (tree / "usr/share/fonts").rglob("*")}
    return fonts.issuperset(_FONT_FILES) and all(
        any(next(tree.glob(f"usr/lib/*/{name}"), None) for tree in trees) for name in _LIBRARIES
    )


def setup(host: Path = Path("/")) -> None:
    """Unpack the packages, unless ``host`` has what they bring; of what it has, nothing is fetched again."""
    unpack("pango", (*PACKAGES.split(), *FONTS), lambda tree: is_here(tree, host), host, _name_fonts)


def _name_fonts(tree: Path) -> None:
    (tree / "fonts.conf").write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>'
        f"<dir>{cache('pango')}/usr/share/fonts</dir><dir>{_SYSTEM_FONTS}</dir>"
        f"<cachedir>{cache('pango')}/fontconfig</cachedir></fontconfig>\n"
    )


def use(host: Path = Path("/")) -> None:
    """Have what was fetched found, where the machine lacks it."""
    if is_here(host) or not is_here(cache("pango"), host):
        return
    os.environ["FONTCONFIG_FILE"] = str(cache("pango") / "fonts.conf")
    # For what is started from here; this process has read it already, and is given the libraries one by one.
    waiting = sorted(cache("pango").glob("usr/lib/*/*.so.*"))
    os.environ["LD_LIBRARY_PATH"] = ":".join(sorted({str(path.parent) for path in waiting}))
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
