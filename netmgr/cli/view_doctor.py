"""A self-test for people: what is well in a line for each area, everything else with what to do."""

from collections import Counter

from rich.text import Text

from netmgr.cli.views import console, print_json, print_table, printable, table
from netmgr.model.checkup import CheckState, Checkup

_COLOURS: dict[CheckState, str] = {
    "ok": "green",
    "warning": "yellow",
    "failed": "bold red",
    "not_measured": "dim",
}


def show_checkup(checkup: Checkup, *, output: str) -> None:
    """Equal results of one area are one row with the names that have it."""
    if output == "json":
        print_json("doctor", checkup.model_dump(mode="json"))
        return
    rows: dict[tuple[str, CheckState, str, str], list[str]] = {}
    for check in checkup.checks:
        rows.setdefault((check.area, check.status, check.detail, check.remedy), []).append(check.name)
    made = table("AREA", "CHECK", "STATUS", "FOUND")
    for (area, status, detail, remedy), names in rows.items():
        found = Text(printable(detail))
        if remedy:
            found.append(f"\n→ {printable(remedy)}", "bold")
        word = Text(status.replace("_", " "), _COLOURS[status])
        made.add_row(area, printable(", ".join(names)), word, found)
    print_table(made)
    out = console()
    for key in checkup.enrolled:
        out.print(f"enrolled: {key.name} ({key.host}) {key.key_type} {key.fingerprint}")
    counts = Counter(check.status for check in checkup.checks)
    words = ", ".join(f"{counts[status]} {status.replace('_', ' ')}" for status in _COLOURS if counts[status])
    out.print(Text(words, "green" if checkup.healthy else "bold red"))
