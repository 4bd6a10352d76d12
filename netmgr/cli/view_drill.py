"""A drill for people: a row for each device, what was proved, and what was not."""

from rich.text import Text

from netmgr.cli.views import console, print_json, print_table, printable, table
from netmgr.model.drill import NOT_MEASURED, Drill, DrillOutcome

_COLOURS: dict[DrillOutcome, str] = {
    "proved": "green",
    "incomplete": "yellow",
    "quarantined": "bold red",
    "missing": "bold red",
    "different": "bold red",
    "failed": "bold red",
}
_DIGITS = 12  # of a commit's hash


def show_drill(made: Drill, *, output: str) -> None:
    """The table, or the whole document."""
    if output == "json":
        print_json("drill", made.model_dump(mode="json"))
        return
    out = console()
    rows = table(
        "DEVICE", "BACKUP", "TAKEN", "TWIN", "DIFFERENCES", "RESULT", right=frozenset({"DIFFERENCES"})
    )
    for device in made.devices:
        compared = device.version is not None and device.outcome != "failed"
        rows.add_row(
            device.device,
            (device.version or "")[:_DIGITS],
            device.taken or "",
            "EMULATED" if device.kind == "emulated" else device.kind or "",
            str(device.added + device.removed) if compared else "",
            Text(device.outcome, _COLOURS[device.outcome]),
        )
    if rows.row_count:
        print_table(rows)
    for name, reason in made.left_out.items():
        out.print(Text(f"no part of it: {name} ({reason})", "dim"))
    for warning in made.warnings:
        out.print(Text(f"warning: {printable(warning)}", "yellow"), soft_wrap=True)
    for device in made.devices:
        if device.detail:
            said = device.detail.removeprefix(f"{device.device}: ")
            out.print(Text(f"{device.device}: {device.outcome}: {printable(said)}", "red"), soft_wrap=True)
    for reason in made.reasons:
        out.print(Text(f"failed: {printable(reason)}", "red"), soft_wrap=True)
    for proof in made.proofs:
        out.print(Text(proof, "green"), soft_wrap=True)
    out.print(Text(NOT_MEASURED, "dim"), soft_wrap=True)
    last = Text(f"drill {made.outcome}", "green" if made.outcome == "passed" else "bold red")
    proved = made.counts["proved"]
    last.append(
        f": {proved} of {len(made.devices)} devices proved, {made.up} of {made.adjacencies} adjacencies up"
    )
    if "recovered" in made.seconds:
        last.append(f"; from nothing to all of them up in {made.seconds['recovered']:.1f} s")
    out.print(last, soft_wrap=True)
