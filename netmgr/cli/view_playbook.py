"""Playbooks and their runs for people: what was changed on standard output, what went wrong on standard error."""

from collections.abc import Iterable

from rich.text import Text

from netmgr.cli.view_diff import print_diff
from netmgr.cli.views import console, print_json, print_table, printable, table
from netmgr.model.playbook import STATUSES, HostStatus, ListedPlaybook, PlaybookRun

_COLOURS: dict[HostStatus, str] = {"changed": "yellow", "unreachable": "red", "failed": "bold red"}


def show_playbooks(found: Iterable[ListedPlaybook], *, output: str) -> None:
    """A line for each playbook."""
    if output == "json":
        print_json("playbooks", {"playbooks": [each.model_dump(mode="json") for each in found]})
        return
    made = table("PLAYBOOK", "HOSTS", "WHAT IT DOES")
    for each in found:
        said = "; ".join(each.plays) + (" (refused: it works on this machine)" if each.refused else "")
        made.add_row(*(printable(cell) for cell in (each.name, ", ".join(each.hosts), said)))
    print_table(made)


def show_run(run: PlaybookRun, *, output: str) -> None:
    """Each host's diffs, then a table of the hosts."""
    if output == "json":
        print_json("playbook", run.model_dump(mode="json"))
        return
    out, aside = console(), console(stderr=True)
    for host in run.devices:
        said = [f"{task.task}: {task.message}" for task in host.tasks if task.status == "ok" and task.message]
        if host.diff or said:
            out.print(Text(f"# {host.device}", "bold"))
            print_diff(out, host.diff, "unified")
            for line in said:
                out.print(Text(printable(line)))
    made = table(
        "HOST",
        "RESULT",
        "OK",
        "CHANGED",
        "FAILED",
        "SKIPPED",
        right=frozenset({"OK", "CHANGED", "FAILED", "SKIPPED"}),
    )
    for host in run.devices:
        counts = (host.ok, host.changed, host.failed, host.skipped)
        made.add_row(host.device, Text(host.status, _COLOURS.get(host.status, "")), *map(str, counts))
    print_table(made)
    for host in run.devices:
        if host.error:
            aside.print(Text(printable(host.error), _COLOURS[host.status]))
    if run.error:
        aside.print(Text(printable(run.error), "bold red"))
    counted = ((sum(host.status == status for host in run.devices), status) for status in STATUSES)
    words = ", ".join(f"{count} {status}" for count, status in counted if count)
    aside.print(f"{run.playbook}{' --check' if run.check else ''}: {words} in {run.seconds:.1f} s")
