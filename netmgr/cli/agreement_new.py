"""``netmgr agreement new``: asks what a company needs, and writes agreement.yaml."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import click
from pydantic import ValidationError

from netmgr.cli.context import Context
from netmgr.cli.options import Command, option
from netmgr.cli.runtime import reading_runtime
from netmgr.errors import Exit, UsageError

F = TypeVar("F", bound=Callable[..., Any])
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class _Question(click.Option):
    """An option that is asked for where it is not given: on standard error, as all that is no data."""

    def prompt_for_value(self, ctx: click.Context) -> Any:
        """As click does it, elsewhere."""
        text = str(self.prompt)
        default = self.default if isinstance(self.default, str | int) else None
        if self.is_flag:
            return click.confirm(text, bool(default), err=True)
        return click.prompt(
            text,
            default=default,
            type=self.type,
            show_default=bool(self.show_default if self.show_default is not None else True),
            value_proc=lambda value: self.process_value(ctx, value),
            err=True,
        )


def question(*names: str, **attributes: Any) -> Callable[[F], F]:
    """An option's decorator, with its question."""
    return option(*names, cls=_Question, **attributes)


@click.command(cls=Command)
@question(
    "--language",
    type=click.Choice(["en", "zh-CN"]),
    prompt="Language of the document",
    default="en",
    help="Of the document.",
)
@option("--timezone", metavar="ZONE", help="Whose clocks days begin by; the client's by default.")
@question(
    "--client-name", prompt="Client: name", metavar="TEXT", help="Of the client, as a court would know it."
)
@question("--client-address", prompt="Client: address", metavar="TEXT", help="Of the client.")
@question("--client-signs", prompt="Client: who signs", metavar="TEXT", help="Who signs for the client.")
@question("--provider-name", prompt="Provider: name", metavar="TEXT", help="Of the provider.")
@question("--provider-address", prompt="Provider: address", metavar="TEXT", help="Of the provider.")
@question(
    "--provider-signs", prompt="Provider: who signs", metavar="TEXT", help="Who signs for the provider."
)
@question("--begins", prompt="First day of the term (2026-01-31)", metavar="DAY", help="Of the term.")
@question(
    "--months",
    type=click.IntRange(1, 120),
    prompt="Months",
    default=12,
    help="Of the term, and of each renewal.",
)
@question("--days", prompt="Days of service", default="monday-friday", metavar="DAY-DAY", help="Of service.")
@question("--hours", prompt="Hours of service", default="09:00-17:00", metavar="FROM-TO", help="Of service.")
@question(
    "--country",
    prompt="Public holidays of (DE, CN …; empty: none)",
    default="",
    show_default=False,
    metavar="CODE",
    help="Whose public holidays are closed.",
)
@question(
    "--emergency/--no-emergency", prompt="Help at any hour in emergencies", default=True, help="At any hour."
)
@option("--phone", metavar="NUMBER", help="For emergencies.")
@question("--currency", prompt="Currency", default="EUR", metavar="CODE", help="Of the fees.")
@question("--monthly", prompt="Fixed fee a month, without tax", metavar="AMOUNT", help="The fixed fee.")
@option("--per-device", metavar="AMOUNT", help="A month, for each device.")
@option("--included-hours", metavar="HOURS", help="Hours of work a month that the fixed fee pays for.")
@question("--hourly", prompt="An hour of work, without tax", metavar="AMOUNT", help="An hour of work.")
@question(
    "--payment-days", type=click.IntRange(0, 365), prompt="Days to pay", default=30, help="Until it is due."
)
@question("--tax", prompt="Tax in percent", metavar="PERCENT", help="In percent.")
@question("--law", prompt="Governing law", metavar="TEXT", help="Governing law.")
@click.pass_obj
def new(context: Context, /, **given: Any) -> int:
    """Write a first agreement.yaml from a few answers; options answer beforehand."""
    from netmgr.service.agreement_first import Answers, first_agreement

    with reading_runtime(context, "network") as (runtime, _):
        runtime.require("agree")
        zone = given.pop("timezone") or runtime.inventories.load(runtime.client).client.timezone
        answers = Answers(
            timezone=zone,
            client=given.pop("client_name"),
            provider=given.pop("provider_name"),
            begins=_day(given.pop("begins")),
            days=_days(given.pop("days")),
            country=given.pop("country") or None,
            **given,
        )
        try:
            agreement = first_agreement(answers)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(step) for step in first["loc"])
            raise UsageError(f"{where}: {first['msg'].removeprefix('Value error, ')}") from None
        comment = f"The support agreement with {runtime.client}; docs/reference/agreement.md says what each key means."
        path = runtime.open_office().agreements.create(runtime.client, agreement, comment=comment)
    click.echo(path)
    click.echo("edit it, then: netmgr agreement check, render, sign", err=True)
    return Exit.OK


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--begins {text}: not a day; write it like 2027-01-31") from None


def _days(text: str) -> tuple[int, int]:
    first, dash, last = text.partition("-")
    if first not in _DAYS or (dash and last not in _DAYS):
        raise UsageError(f"--days {text}: write weekdays like monday-friday")
    begin, end = _DAYS.index(first), _DAYS.index(last or first)
    if end < begin:
        raise UsageError(f"--days {text}: the first comes after the last; write them in the week's order")
    return begin, end
