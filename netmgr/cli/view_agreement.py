"""How an agreement stands, for people and as JSON (netmgr.agreement/1, -check/1, -signed/1)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

import click

from netmgr.cli.views import print_json, print_table, printable, table
from netmgr.model.agreement import Agreement
from netmgr.model.entry import rfc3339
from netmgr.model.wording import Wording, in_language
from netmgr.service.coverage import Answer
from netmgr.service.versions import SignedVersion, Standing
from netmgr.workflows.agreement import Found, Shown

Output = Literal["table", "json"]

_STATES = {
    "none": "nothing is signed",
    "not_begun": "signed, and not begun",
    "in_force": "in force",
    "suspended": "suspended: new changes are refused",
    "run_off": "ended; what was begun is finished",
    "ended": "ended",
}


def show_agreement(client: str, shown: Shown, *, output: Output) -> None:
    """Both times, the standing, the version in force, what was signed."""
    if output == "json":
        print_json("agreement", document(client, shown))
        return
    agreement, standing = shown.agreement, shown.standing
    zone = ZoneInfo(agreement.timezone if agreement else "UTC")
    for line in _lines(client, shown, agreement, standing, zone):
        click.echo(printable(line))
    if shown.history.versions:
        click.echo()
        made = table("version", "effective", "signed", "recorded", "digest", right=frozenset({"version"}))
        for version in shown.history.versions:
            made.add_row(
                str(version.version),
                _local(version.begins, zone)[:10],
                _local(version.signed, zone),
                _local(version.recorded, zone),
                version.digest[:12],
            )
        print_table(made)
    if shown.unsigned:
        click.echo("agreement.yaml says something else than what is signed: an unsigned amendment", err=True)


def _lines(
    client: str, shown: Shown, agreement: Agreement | None, standing: Standing, zone: ZoneInfo
) -> list[str]:
    until = f", until {_local(standing.until, zone)}" if standing.until else ""
    lines = [
        f"{client}: {_STATES[standing.state]}{until}",
        f"  at       {_local(shown.at, zone)}",
        f"  as known {_local(shown.known_at, zone)}",
    ]
    if agreement is not None and standing.version is not None:
        parties = agreement.parties
        renewals = f", renewed {standing.renewals} times" if standing.renewals else ""
        lines += [
            f"  version  {standing.version.version}, digest {standing.version.digest}",
            f"  between  {_text(parties.client.name)} and {_text(parties.provider.name)}",
            f"  term     {agreement.term.from_} to {agreement.term.to or 'open'}{renewals}",
            f"  covers   {', '.join(agreement.coverage.services)}",
        ]
        for name, target in agreement.levels.by_severity.items():
            resolution = f", resolution {target.resolution}" if target.resolution else ""
            lines.append(f"  {name}: response {target.response}{resolution} ({target.calendar} time)")
    if standing.suspended is not None:
        lines.append(f"  notice of suspension was given on {standing.suspended.notice}")
    return lines


def show_findings(client: str, found: Sequence[Found], *, output: Output) -> None:
    """One line for each, errors first."""
    if output == "json":
        findings = [
            {
                "severity": each.finding.severity,
                "place": each.place,
                "path": [str(step) for step in each.finding.path],
                "message": each.finding.message,
            }
            for each in found
        ]
        print_json("agreement-check", {"client": client, "findings": findings})
        return
    for each in found:
        path = ".".join(map(str, each.finding.path))
        click.echo(printable(f"{each.place}: {each.finding.severity}: {path}: {each.finding.message}"))
    if not found:
        click.echo(f"{client}: nothing is wrong with agreement.yaml", err=True)


def show_coverage(client: str, answers: Sequence[Answer], *, output: Output) -> None:
    """Each answer with its clause."""
    if output == "json":
        found = [{"covered": each.covered, "clause": each.clause, "why": each.why} for each in answers]
        covered = all(each.covered for each in answers)
        print_json("agreement-coverage", {"client": client, "covered": covered, "answers": found})
        return
    for each in answers:
        click.echo(printable(f"{'covered' if each.covered else 'not covered'}: {each.why} ({each.clause})"))


def show_signed(client: str, signed: SignedVersion, *, output: Output) -> None:
    """What was recorded."""
    if output == "json":
        print_json("agreement-signed", {"client": client, **version_document(signed)})
        return
    click.echo(f"{client}: version {signed.version} is signed, effective {rfc3339(signed.begins)}")
    click.echo(f"  agreement {signed.digest}")
    click.echo(f"  document  {signed.document}")


def document(client: str, shown: Shown) -> dict[str, Any]:
    """The JSON document; ``agreement`` is the signed version whole."""
    standing = shown.standing
    return {
        "client": client,
        "at": rfc3339(shown.at),
        "known_at": rfc3339(shown.known_at),
        "state": standing.state,
        "until": rfc3339(standing.until) if standing.until else None,
        "renewals": standing.renewals,
        "unsigned": shown.unsigned,
        "version": version_document(standing.version) if standing.version else None,
        "versions": [version_document(version) for version in shown.history.versions],
        "suspensions": [
            {
                "notice": one.notice.isoformat(),
                "begins": rfc3339(one.begins),
                "ends": rfc3339(one.ends) if one.ends else None,
                "seq": one.seq,
            }
            for one in shown.history.suspensions
        ],
        "agreement": shown.agreement.model_dump(mode="json", by_alias=True) if shown.agreement else None,
    }


def version_document(version: SignedVersion) -> dict[str, Any]:
    """One signed version."""
    return {
        "version": version.version,
        "digest": version.digest,
        "document": version.document,
        "effective": rfc3339(version.begins),
        "signed": rfc3339(version.signed),
        "recorded": rfc3339(version.recorded),
        "seq": version.seq,
    }


def _text(wording: Wording) -> str:
    return in_language(wording, "en") or (
        wording if isinstance(wording, str) else next(iter(wording.values()))
    )


def _local(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M %Z}"
