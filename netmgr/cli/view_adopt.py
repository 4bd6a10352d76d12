"""Adoptions for people: what changes in the files, how much of each device the model explains, what stays verbatim."""

import click
from rich.text import Text

from netmgr.cli.view_diff import print_diff
from netmgr.cli.views import console, print_json, print_table, printable, table
from netmgr.model.adoption import AdoptedDevice, Adoption

_COLOURS = {"adopted": "green", "proposed": "yellow", "unreachable": "red", "error": "bold red"}


def show_adoption(made: Adoption, *, output: str, explain: bool, proposal: bool = True) -> None:
    """Everything; the files' diff is left out where it was shown before somebody was asked (``proposal`` False)."""
    if output == "json":
        print_json("adopt", made.model_dump(mode="json"))
        return
    if proposal:
        show_proposal(made)
    rows = table(
        "DEVICE", "STATUS", "FEATURE", "LINES", "EXPLAINED", "%", right=frozenset({"LINES", "EXPLAINED", "%"})
    )
    for device in made.devices:
        status = Text(device.status, _COLOURS[device.status])
        if device.error:
            rows.add_row(
                device.device, status, Text(printable(device.error.removeprefix(f"{device.device}: ")))
            )
            continue
        rows.add_row(device.device, status, "all", *_share(device.lines, device.explained))
        for each in device.coverage:
            name = each.feature or "(none of the model's)"
            rows.add_row(
                "", "", Text(name, "" if each.feature else "dim"), *_share(each.lines, each.explained)
            )
    print_table(rows)
    if explain:
        for device in made.devices:
            _unexplained(device)
    for warning in made.warnings:
        click.echo(printable(f"warning: {warning}"), err=True)
    console().print(_last_line(made))


def show_proposal(made: Adoption) -> None:
    """What would change in the files."""
    out = console()
    for change in made.files:
        print_diff(out, change.diff, "unified")


def _share(lines: int, explained: int) -> tuple[str, str, str]:
    # Rounded down: what is not whole does not look so.
    return str(lines), str(explained), str(100 * explained // lines) if lines else ""


def _unexplained(device: AdoptedDevice) -> None:
    out = console()
    for each in device.unexplained:
        out.print(Text(f"{device.device}: {each.feature or '-'}: {printable(each.line)}", "dim"))


def _last_line(made: Adoption) -> Text:
    counts = {status: sum(d.status == status for d in made.devices) for status in _COLOURS}
    text = Text(", ".join(f"{count} {status}" for status, count in counts.items() if count) or "no devices")
    text.append(f" in {made.seconds:.1f} s")
    if made.written:
        text.append(f"; wrote {', '.join(change.path for change in made.files)}", "green")
        if made.secrets:
            text.append(f"; secrets kept: {', '.join(made.secrets)}")
    elif made.files:
        text.append("; nothing was written: look at it, then add --yes", "yellow")
    elif counts["adopted"]:
        text.append("; the inventory says so already")
    return text
