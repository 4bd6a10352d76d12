"""Whether the interfaces of booted routers say what their cables are."""

from collections.abc import Iterable, Iterator
from pathlib import Path


def unsettled(router_root: Path, interfaces: Iterable[str]) -> Iterator[str]:
    """The interfaces that have a carrier and do not work yet: ``operstate`` (RFC 2863, ifOperStatus) follows later.

    The kernel makes up for it in a queue (net/core/link_watch.c) that waits for its turn, up to a second each. Until
    then FRR, and who looks with ``ip link``, takes a cable that is plugged in at both ends for one that is not.
    """
    for name in interfaces:
        device = router_root / "sys/class/net" / name
        try:
            carrier = (device / "carrier").read_text("ascii").strip()
            state = (device / "operstate").read_text("ascii").strip()
        except OSError:  # shut, which has no carrier to speak of, or gone
            continue
        if carrier == "1" and state != "up":
            yield name
