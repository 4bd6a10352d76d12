"""Debian packages that tests need and the machine may lack: unpacked into the user's cache, nothing is installed."""

import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from netmgr.lab.debian import fetch
from netmgr.lab.kit import default_cache


def cache(name: str) -> Path:
    """Where what is called ``name`` is unpacked."""
    return default_cache() / name


def unpack(
    name: str,
    packages: Sequence[str],
    is_here: Callable[[Path], bool],
    host: Path,
    finish: Callable[[Path], object] = lambda _: None,
) -> None:
    """Unpack the packages, unless ``host`` or the cache has what they bring; say where it is.

    ``finish`` is given the new tree before it gets its name: all of it is there, or nothing.
    """
    place = cache(name)
    if not is_here(host) and not is_here(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".new-", dir=place.parent) as directory:
            new = Path(directory) / "tree"
            new.mkdir()
            fetch(packages, new, host, print)
            finish(new)
            shutil.rmtree(place, ignore_errors=True)
            new.rename(place)
    print(f"{name}: {host if is_here(host) else place}")
