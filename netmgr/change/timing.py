"""How long the device-side timers run, and how much of them the checks may use. All in seconds.

Nothing is confirmed before the last wave's checks have passed, so a timer that was armed in one wave has to outlast all
later ones: the first wave's runs longest, the last wave's as long as that of a change in a single wave.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, lcm
from typing import Literal

from netmgr.errors import UsageError
from netmgr.model.change import WaveTimer
from netmgr.platforms.form import TimerLimits

#: What the checks get when nobody asks for a timer: OSPF's default dead interval (40) and a BGP connect retry.
CHECKS_LIMIT = 90

#: After the decision to abort, a device that cannot be reached is read until its timer and this have passed.
GRACE = 10

#: Between two looks at the network pass a tenth of what was waited already, within these bounds.
SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 1.0


@dataclass(frozen=True, slots=True)
class Timers:
    """The timer of each wave, and the guarantee that they allow. ``reason`` says why it is less than was asked for."""

    atomic: Literal["network", "wave"]
    reason: str | None
    waves: tuple[WaveTimer, ...]


def reserve(devices: int) -> int:
    """The part of the timer that commit and confirm need: 5 + 5 for up to 50 devices, then in proportion."""
    return 10 * max(1, ceil(devices / 50))


def strictest(limits: Iterable[TimerLimits]) -> TimerLimits | None:
    """What the timers of all devices of a wave can do; None where no device has one."""
    every = tuple(limits)
    if not every:
        return None
    return TimerLimits(
        minimum=max(limit.minimum for limit in every),
        maximum=min(limit.maximum for limit in every),
        step=lcm(*(limit.step for limit in every)),
    )


def timers(
    sizes: Sequence[int],
    asked: int | None,
    limits: Sequence[TimerLimits | None],
    atomic: Literal["network", "wave"] = "network",
) -> Timers:
    """The timers of waves of ``sizes`` devices; ``limits`` gives what each wave's devices can do.

    ``asked`` is the longest timer: the first wave's if it covers the later ones, else that of each wave. Where the
    limits do not let the first wave's timer cover the later ones, each wave is atomic by itself. Raises UsageError when
    ``asked`` is below the reserves or outside what a platform's timer can do, or a platform's is below the reserves.
    """
    if asked is not None:
        _check_asked(asked, sum(sizes) if atomic == "network" else max(sizes, default=0), limits)
    if len(sizes) < 2:
        return Timers("network", None, _each(sizes, asked, limits))
    if atomic == "wave":
        return Timers("wave", "a policy says so", _each(sizes, asked, limits))
    covering = _covering(sizes, asked, limits)
    for timer, limit in zip(covering, limits, strict=True):
        if limit and timer.seconds > limit.maximum:
            reason = (
                f"the timers of wave {timer.wave} would have to run {timer.seconds} s to cover the waves after it,"
                f" and they can run {limit.maximum} s"
            )
            return Timers("wave", reason, _each(sizes, asked, limits))
    return Timers("network", None, covering)


def _covering(
    sizes: Sequence[int], asked: int | None, limits: Sequence[TimerLimits | None]
) -> tuple[WaveTimer, ...]:
    """Timers of which each covers its own wave and all later ones. What is asked for is shared out evenly."""
    count, confirming = len(sizes), reserve(sum(sizes)) // 2
    found: list[WaveTimer] = []
    covered = confirming
    for number in range(count, 0, -1):
        if asked is None:
            seconds = covered + reserve(sizes[number - 1]) // 2 + CHECKS_LIMIT
        else:
            seconds = confirming + (asked - confirming) * (count - number + 1) // count
        found.append(_timer(number, seconds, seconds - covered, limits[number - 1]))
        covered = seconds
    return tuple(reversed(found))


def _each(
    sizes: Sequence[int], asked: int | None, limits: Sequence[TimerLimits | None]
) -> tuple[WaveTimer, ...]:
    """Timers of waves that are changes by themselves."""
    found = []
    for number, (size, limit) in enumerate(zip(sizes, limits, strict=True), start=1):
        needed = reserve(size)
        seconds = needed + CHECKS_LIMIT if asked is None else asked
        if limit and limit.maximum < seconds:
            if limit.maximum < needed:
                raise UsageError(
                    f"wave {number} has {size} devices: committing and confirming need {needed} s, and their timers run"
                    f" {limit.maximum} s at most; a policy with waves: {{largest: N}} makes smaller waves"
                )
            seconds = limit.maximum
        found.append(_timer(number, seconds, seconds - needed // 2, limit))
    return tuple(found)


def _timer(number: int, seconds: int, checks: int, limit: TimerLimits | None) -> WaveTimer:
    if limit:
        seconds = -(-max(seconds, limit.minimum) // limit.step) * limit.step
    return WaveTimer(wave=number, seconds=seconds, checks=checks)


def _check_asked(asked: int, devices: int, limits: Iterable[TimerLimits | None]) -> None:
    needed = reserve(devices)
    if asked < needed:
        raise UsageError(
            f"--confirm-in {asked} is too short: committing and confirming need {needed} s of it"
        )
    for limit in limits:
        if limit and not limit.minimum <= asked <= limit.maximum:
            raise UsageError(
                f"--confirm-in {asked} is outside what the devices' timer can do"
                f" ({limit.minimum} to {limit.maximum} s)"
            )


def pause(waited: float) -> float:
    """How long to wait for the next look at something that has not come in ``waited``.

    What comes is seen soon, at a tenth more than it took; what takes long is not asked ten times a second.
    """
    return min(max(SHORTEST_PAUSE, waited / 10), LONGEST_PAUSE)
