"""A notice that was sent, for people and as JSON."""

from typing import TYPE_CHECKING

import click

from netmgr.cli.views import print_json, printable

if TYPE_CHECKING:
    from netmgr.model.notice import SentNotice

_ENDS = {
    "sent": "sent to {contacts} contact(s) at {sent}",
    "deferred": "not sent to everybody yet: it is tried again; then send it again",
    "failed": "refused for somebody; mend client.yaml, then send it again",
}


def show_sent_notice(sent: "SentNotice", *, output: str) -> None:
    """Whether the client was told, and from when on the change may be made; problems on standard error."""
    for problem in sent.problems:
        click.echo(printable(f"{sent.client}: {problem}"), err=True)
    if output == "json":
        print_json("notice", sent.model_dump(mode="json"))
        return
    how = _ENDS[sent.outcome].format(contacts=sent.contacts, sent=sent.sent)
    click.echo(f"plan {sent.plan}: {how}")
    if sent.not_before:
        click.echo(f"deploy from {sent.not_before} on")
        if sent.begins and sent.begins < sent.not_before:
            click.echo("the announced window begins sooner than that", err=True)
