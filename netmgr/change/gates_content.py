"""Gates that look at what a change does: protected lines, shares of network and device, the way to a device."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase

from netmgr.model.change import PlannedDevice, Refusal
from netmgr.model.change_policy import LargestShare, ProtectedLine
from netmgr.platforms.form import PlatformForm

Placed = tuple[tuple[str, ...], str]
"""The lines that open the sections around a line, the outermost first, and the line itself; without indentation."""


def placed(config: str) -> Iterator[Placed]:
    """Every line of a canonical configuration with its sections: moving a line within its section changes nothing."""
    path: list[tuple[int, str]] = []
    for written in config.splitlines():
        line = written.lstrip(" ")
        depth = len(written) - len(line)
        while path and path[-1][0] >= depth:
            path.pop()
        if line:
            yield tuple(opener for _, opener in path), line
            path.append((depth, line))


def lines_gone(running: str, intended: str) -> tuple[Placed, ...]:
    """The lines that ``running`` has and ``intended`` has not, or has less often."""
    return tuple((Counter(placed(running)) - Counter(placed(intended))).elements())


def protected_refusals(
    rules: Iterable[ProtectedLine], device: str, gone: Iterable[Placed], shown: Mapping[Placed, str]
) -> tuple[Refusal, ...]:
    """What of the protected lines the change would remove. ``shown`` says how a line is shown, without its secrets."""
    found = []
    for rule in rules:
        if not any(fnmatchcase(device, glob) for glob in rule.devices):
            continue
        lines = [shown[line] for line in gone if re.search(rule.line, line[1])]
        if lines:
            more = f" and {len(lines) - 1} more" if len(lines) > 1 else ""
            why = f" ({rule.reason})" if rule.reason else ""
            found.append(
                Refusal(
                    gate="protected",
                    reason=f"{device}: removes {lines[0]!r}{more}, protected by {rule.line!r}{why}",
                    remedy="keep the line in the inventory, or change the policy first",
                )
            )
    return tuple(found)


def share_refusals(
    limits: LargestShare, changed: Iterable[PlannedDevice], *, active: int, lines: Mapping[str, int]
) -> tuple[Refusal, ...]:
    """What is more than the policy allows at once. ``active`` devices are the whole; ``lines`` those that each runs.

    A device without any lines is being filled, not changed.
    """
    devices = tuple(changed)
    found = []
    if limits.devices is not None and len(devices) * 100 > limits.devices * active:
        found.append(
            Refusal(
                gate="share",
                reason=f"changes {len(devices)} of {active} active devices, more than {limits.devices} %",
                remedy="change fewer at a time (-l, --site, --role)",
            )
        )
    for device in devices:
        touched, whole = max(device.added, device.removed), lines[device.device]
        if limits.lines is not None and whole and touched * 100 > limits.lines * whole:
            found.append(
                Refusal(
                    gate="share",
                    reason=f"{device.device}: touches {touched} of its {whole} lines, more than {limits.lines} %",
                    remedy="make the change in smaller steps",
                )
            )
    return tuple(found)


def management_lines(form: PlatformForm, config: str, address: str) -> frozenset[Placed]:
    """The lines of a configuration through which the device is managed at ``address``.

    Where the form does not say which, every line may be one.
    """
    lines = tuple(placed(config))
    if form.management is None:
        return frozenset(lines)
    path = form.management
    own = re.compile(path.address.replace("ADDRESS", re.escape(address)))
    carrying = {above[0] for above, line in lines if above and own.fullmatch(line)}
    return frozenset(
        (above, line)
        for above, line in lines
        if (above[0] if above else line) in carrying
        or any(re.fullmatch(path.lines, each) for each in (*above, line))
    )


def lockout(form: PlatformForm, running: str, intended: str, address: str) -> bool:
    """Whether the change touches the way to the device, and nothing on the device would bring it back."""
    if form.commit_confirm:
        return False
    return management_lines(form, running, address) != management_lines(form, intended, address)
