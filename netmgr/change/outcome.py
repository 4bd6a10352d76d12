"""Outcomes: what a reader of the device would say, folded into one word for the change and one exit code."""

from collections.abc import Iterable, Mapping

from netmgr.errors import Exit
from netmgr.model.change import ChangeOutcome, DeviceOutcome, Split


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


def change_outcome(
    devices: Iterable[DeviceOutcome], *, beside: Iterable[DeviceOutcome] = (), held: bool = False
) -> ChangeOutcome:
    """Fold the devices' outcomes; the first that fits, as docs/reference/exit-codes.md lists them.

    ``devices`` were to be committed: where some read as planned, every other that does not makes a split network,
    whatever kept it back. ``beside`` are those that were left out before, or had nothing to change.
    """
    seen = set(devices)
    everybody = seen | set(beside)
    if "in_doubt" in everybody:
        return "in_doubt"
    if "applied" in seen and seen & {"rolled_back", "failed", "refused"}:
        return "split"
    if held:
        return "pending"
    if "rolled_back" in everybody:
        return "rolled_back"
    if "applied" in everybody:
        return "applied"
    return "failed" if "failed" in everybody else "refused" if "refused" in everybody else "unchanged"


def mixture(devices: Mapping[str, DeviceOutcome]) -> Split | None:
    """Who of those that were to be committed is as planned and who as before; None unless it is some and some."""
    as_planned = tuple(sorted(name for name, word in devices.items() if word == "applied"))
    as_before = tuple(
        sorted(name for name, word in devices.items() if word in ("rolled_back", "failed", "refused"))
    )
    return Split(as_planned=as_planned, as_before=as_before) if as_planned and as_before else None


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
