"""Outcomes: what a reader of the device would say, folded into one word for the change and one exit code."""

from collections.abc import Iterable

from netmgr.errors import Exit
from netmgr.model.change import ChangeOutcome, DeviceOutcome


def device_outcome(*, running: str | None, before: str, after: str, committed: bool) -> DeviceOutcome:
    """Judge one device by its digest alone; ``running`` is None where it cannot be read.

    ``committed`` says whether a commit was attempted: it tells ``rolled_back`` from ``failed``.
    """
    if running is None:
        return "in_doubt"
    if running == after:
        return "unchanged" if before == after else "applied"
    if running == before:
        return "rolled_back" if committed else "failed"
    return "in_doubt"


def change_outcome(devices: Iterable[DeviceOutcome], *, held: bool = False) -> ChangeOutcome:
    """Fold the devices' outcomes; the first that fits, as docs/reference/exit-codes.md lists them."""
    seen = set(devices)
    if "in_doubt" in seen:
        return "in_doubt"
    if "applied" in seen and "rolled_back" in seen:
        return "split"
    if held:
        return "pending"
    if "rolled_back" in seen:
        return "rolled_back"
    if "failed" in seen and "applied" not in seen:
        return "failed"
    if "refused" in seen and "applied" not in seen:
        return "refused"
    return "applied" if "applied" in seen else "unchanged"


def exit_code(outcome: ChangeOutcome, *, left_out: bool = False) -> Exit:
    """The exit code of a change; ``left_out`` when devices were left out before the commit and the rest was done."""
    codes: dict[ChangeOutcome, Exit] = {
        "in_doubt": Exit.IN_DOUBT,
        "split": Exit.IN_DOUBT,
        "refused": Exit.REFUSED,
        "rolled_back": Exit.ROLLED_BACK,
        "failed": Exit.FAILED,
    }
    if outcome in codes:
        return codes[outcome]
    return Exit.PARTIAL if left_out else Exit.OK
