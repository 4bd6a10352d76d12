"""Answers for people: each one once, under the devices that gave it; what went wrong on standard error."""

from rich.text import Text

from netmgr.cli.views import console, print_json, printable
from netmgr.model.shown import STATUSES, Shown

_COLOURS = {"refused": "yellow", "unreachable": "red", "error": "bold red"}


def show_answers(shown: Shown, *, output: str) -> None:
    """Answers on standard output, grouped where they are equal; errors and the sum of it on standard error."""
    if output == "json":
        print_json("show", shown.model_dump(mode="json"))
        return
    out, aside = console(), console(stderr=True)
    groups: dict[str, list[str]] = {}
    for device in shown.devices:
        if device.status == "ok":
            groups.setdefault(device.output, []).append(device.device)
    for answer, names in groups.items():
        out.print(Text(f"# {', '.join(names)}", "bold"))
        out.print(Text(printable(answer.rstrip("\n"))) if answer.strip() else Text("(nothing)", "dim"))
    for device in shown.devices:
        if device.error:
            aside.print(Text(printable(device.error), _COLOURS[device.status]))
    counts = ((sum(d.status == status for d in shown.devices), status) for status in STATUSES)
    words = {"ok": "answered", "refused": "not asked"}
    aside.print(", ".join(f"{count} {words.get(status, status)}" for count, status in counts if count))
