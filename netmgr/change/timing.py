"""How long the device-side timer runs, and how much of it the checks may use. All in seconds."""

from math import ceil

from netmgr.errors import UsageError
from netmgr.platforms.form import TimerLimits

#: What the checks get when nobody asks for a timer: OSPF's default dead interval (40) and a BGP connect retry.
CHECKS_LIMIT = 90

#: After the decision to abort, a device that cannot be reached is read until its timer and this have passed.
GRACE = 10

#: Between two looks at the network pass a tenth of what was waited already, within these bounds.
SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 1.0


def reserve(devices: int) -> int:
    """The part of the timer that commit and confirm need: 5 + 5 for up to 50 devices, then in proportion."""
    return 10 * max(1, ceil(devices / 50))


def confirm_in(devices: int, asked: int | None, limits: TimerLimits | None) -> int:
    """The timer for a change of ``devices`` devices.

    Raises UsageError when ``asked`` is below the reserves, or outside what the platform's timer can do.
    """
    needed = reserve(devices)
    seconds = asked if asked is not None else needed + CHECKS_LIMIT
    if seconds < needed:
        raise UsageError(
            f"--confirm-in {seconds} is too short: committing and confirming need {needed} s of it"
        )
    if limits and not limits.minimum <= seconds <= limits.maximum:
        raise UsageError(
            f"--confirm-in {seconds} is outside what the devices' timer can do ({limits.minimum} to {limits.maximum} s)"
        )
    return seconds


def pause(waited: float) -> float:
    """How long to wait for the next look at something that has not come in ``waited``.

    What comes is seen soon, at a tenth more than it took; what takes long is not asked ten times a second.
    """
    return min(max(SHORTEST_PAUSE, waited / 10), LONGEST_PAUSE)
