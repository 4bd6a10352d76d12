"""A rehearsal for people: what the twin was, what the change did to it, and the verdict last."""

from collections import Counter

import click
from rich.text import Text

from netmgr.cli.views import console, print_json, print_table, printable, table
from netmgr.model.rehearsal import LostPair, Outage, Rehearsal, RehearsedAdjacency
from netmgr.workflows.running import WORDS

#: Rows and names of a kind that are shown; the document has them all.
_SHOWN = 10


def show_rehearsal(made: Rehearsal, *, output: str) -> None:
    """The verdict, or the whole document."""
    if output == "json":
        print_json("rehearsal", made.model_dump(mode="json"))
        return
    out = console()
    _show_twin(made)
    for warning in made.warnings:
        out.print(Text(f"warning: {printable(warning)}", "yellow"))
    _show_adjacencies("lost", made.adjacencies_lost)
    _show_adjacencies("gained", made.adjacencies_gained)
    rows = table("DEVICE", "ROUTES LOST", "ROUTES GAINED")
    for device in made.routes[:_SHOWN]:
        rows.add_row(device.device, _names(device.lost), _names(device.gained))
    if rows.row_count:
        print_table(rows)
    rows = table("BETWEEN", "FAMILY", "SECONDS LOST", "AT ONCE", right=frozenset({"SECONDS LOST", "AT ONCE"}))
    gone = set(map(_ends, made.partitions))
    for outage in made.outages[:_SHOWN]:
        rows.add_row(
            f"{outage.source} and {outage.destination}",
            outage.family,
            "for good" if _ends(outage) in gone else f"{outage.seconds:.2f}",
            f"{outage.longest:.2f}",
        )
    if rows.row_count:
        print_table(rows)
    worst = max((outage.seconds for outage in made.outages if _ends(outage) not in gone), default=0.0)
    click.echo(
        f"connectivity: {made.pairs - len(made.partitions)} of {made.pairs} pairs of loopbacks as before; "
        f"{made.probed} probed every {made.interval * 1000:g} ms, at worst {worst:.2f} s without an answer for a time"
    )
    for reason in made.reasons:
        out.print(Text(f"failed: {printable(reason)}", "red"), soft_wrap=True)
    last = Text(f"rehearsal {made.outcome}", "green" if made.outcome == "passed" else "bold red")
    if emulated := sum(device.kind == "emulated" for device in made.devices):
        last.append(f" with {emulated} of {len(made.devices)} devices EMULATED", "yellow")
    last.append(f": plan {made.plan} in {made.seconds['all']:.0f} s")
    out.print(last, soft_wrap=True)


def _ends(pair: Outage | LostPair) -> tuple[str, str, str]:
    return pair.source, pair.destination, pair.family


def _show_twin(made: Rehearsal) -> None:
    kinds = Counter(device.kind for device in made.devices)
    marked = f", {kinds['emulated']} of them EMULATED" if kinds["emulated"] else ""
    click.echo(f"twin of {made.client} ({made.target}): {len(made.devices)} devices{marked}")
    for device in made.devices:
        if device.source != "running":
            click.echo(f"  {device.device}: {WORDS[device.source]} ({printable(device.detail or 'a host')})")


def _show_adjacencies(word: str, found: tuple[RehearsedAdjacency, ...]) -> None:
    if found:
        names = tuple(f"{one.device} {one.protocol} {one.peer}" for one in found)
        click.echo(f"adjacencies {word}: {_names(names)}")


def _names(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(map(printable, names[:_SHOWN])) + more
