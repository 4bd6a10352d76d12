"""Archives of netmgr's own state, for people and programs."""

from datetime import datetime
from pathlib import Path

import click

from netmgr.cli.views import print_json, print_table, table
from netmgr.model.archive import CheckedArchive
from netmgr.workflows.state import BackedUp, Restored


def show_backup(done: BackedUp, place: Path, *, output: str) -> None:
    """What was written where."""
    archive = done.archive
    if output == "json":
        document = {
            "name": archive.name,
            "place": str(place),
            "size": archive.size,
            "digest": archive.digest,
            "logs": [end.model_dump() for end in done.logs],
            "pruned": list(done.pruned),
        }
        print_json("state-backup", document)
        return
    click.echo(f"{archive.name}: {_size(archive.size)} in {place}, {_counted(len(done.logs), 'log')}")
    click.echo(f"sha256 {archive.digest}")
    if done.pruned:
        click.echo(f"pruned: {', '.join(done.pruned)}")


def show_check(found: CheckedArchive, archives: int, now: datetime, *, output: str) -> None:
    """What an archive holds, and what the workspace has since."""
    if output == "json":
        print_json("state-check", {"archives": archives, **found.model_dump(mode="json")})
        return
    age = now - datetime.fromisoformat(found.made)
    hours = int(age.total_seconds() // 3600)
    click.echo(f"{found.name}: {_size(found.size)}, {hours} h old; {_counted(archives, 'archive')} there")
    if not found.opened:
        click.echo("not opened: --identity FILE opens it and verifies every log in it")
        return
    click.echo(
        f"{_counted(found.files, 'file')}, {_counted(found.repositories, 'git repository', 'git repositories')}"
    )
    rows = table(
        "CLIENT", "STREAM", "UNTIL", "SINCE THEN", "VERIFIES", right=frozenset({"UNTIL", "SINCE THEN"})
    )
    for log in found.logs:
        since = "" if log.behind is None else str(log.behind)
        rows.add_row(log.client, log.stream, str(log.seq), since, "; ".join(log.problems) or "yes")
    print_table(rows)


def show_restore(done: Restored, directory: Path, *, output: str) -> None:
    """What is there again, and what is lost."""
    if output == "json":
        document = {
            "directory": str(directory),
            "made": done.manifest.made,
            "files": done.files,
            "logs": [log.model_dump(mode="json") for log in done.logs],
            "numbers": [
                {"entity": one.entity, "series": one.series, "last": one.last} for one in done.numbers
            ],
        }
        print_json("state-restore", document)
        return
    click.echo(f"{directory}: the workspace of {done.manifest.made}, {_counted(done.files, 'file')}")
    rows = table("CLIENT", "STREAM", "UNTIL", "LOST", "VERIFIES", right=frozenset({"UNTIL"}))
    for log in done.logs:
        first = log.seq + 1
        lost = f"after {log.seq}, if anything"
        if log.last:
            lost = f"{first}" if log.last == first else f"{first} to {log.last}"
        rows.add_row(log.client, log.stream, str(log.seq), lost, "; ".join(log.problems) or "yes")
    print_table(rows)
    for one in done.numbers:
        click.echo(
            f"numbers {one.series} of {one.entity}: {one.last} is the last that is known; none is issued until "
            "netmgr invoice continue says which went out last"
        )
    click.echo("next: netmgr recover, for each client: a change may have been open; then netmgr audit")


def _size(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"


def _counted(count: int, one: str, many: str = "") -> str:
    """``1 file``, ``3 files``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
