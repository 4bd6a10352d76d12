"""Completers of the names that a workspace holds. What cannot be read completes to nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import click
from click.shell_completion import CompletionItem

from netmgr.cli.context import Context
from netmgr.errors import NetmgrError

_KEY = re.compile(r"^([a-z0-9][a-z0-9-]*):", re.MULTILINE)

Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def _completer(names: Callable[[Context], Iterable[str]]) -> Completer:
    """A completer of the names that a workspace holds; where it cannot be read there are none."""

    def complete(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        before, comma, last = incomplete.rpartition(",")
        try:
            known = sorted(set(names(ctx.ensure_object(Context))))
        except (NetmgrError, OSError):
            known = []
        return [CompletionItem(f"{before}{comma}{name}") for name in known if name.startswith(last)]

    return complete


def _clients(context: Context) -> Iterable[str]:
    return context.wiring.inventories.clients()


def _devices(context: Context) -> Iterable[str]:
    # The keys of hosts.yaml as they stand: a completion must not wait for a whole inventory to be checked.
    path = context.workspace / "inventory" / context.client / "hosts.yaml"
    return _KEY.findall(path.read_text(errors="replace"))


def _attribute(name: str) -> Callable[[Context], Iterable[str]]:
    def values(context: Context) -> Iterable[str]:
        devices = context.wiring.inventories.load(context.client).devices
        return filter(None, (getattr(device, name) for device in devices))

    return values


def _groups(context: Context) -> Iterable[str]:
    devices = context.wiring.inventories.load(context.client).devices
    return (group for device in devices for group in device.groups)


def _changes(context: Context) -> Iterable[str]:
    entries = context.wiring.service_log.entries(context.client, kind="change", newest_first=True, limit=500)
    return (entry.change for entry in entries if entry.change)


def _playbooks(context: Context) -> Iterable[str]:
    return (path.stem for path in (context.workspace / "playbooks").glob("*.y*ml"))


def _invoices(context: Context) -> Iterable[str]:
    entries = context.wiring.service_log.entries(context.client, kind="invoice", newest_first=True, limit=500)
    return (str(entry.facts.get("number")) for entry in entries if entry.action in ("issue", "credit"))


def _payments(context: Context) -> Iterable[str]:
    entries = context.wiring.service_log.entries(context.client, kind="payment", newest_first=True, limit=500)
    return (str(entry.facts.get("id")) for entry in entries)


def _tickets(context: Context) -> Iterable[str]:
    entries = context.wiring.service_log.entries(context.client, kind="ticket", newest_first=True, limit=500)
    return (entry.ticket for entry in entries if entry.ticket)


def _corrections(context: Context) -> Iterable[str]:
    entries = tuple(
        context.wiring.service_log.entries(context.client, kind="adjustment", newest_first=True, limit=500)
    )
    withdrawn = {entry.facts.get("id") for entry in entries if entry.action == "withdraw"}
    return (str(entry.facts.get("id")) for entry in entries if entry.facts.get("id") not in withdrawn)


def _schemas(_context: Context) -> Iterable[str]:
    from netmgr.model.json_schema import NAMES

    return NAMES


clients = _completer(_clients)
devices = _completer(_devices)
changes = _completer(_changes)
playbooks = _completer(_playbooks)
invoices = _completer(_invoices)
payments = _completer(_payments)
tickets = _completer(_tickets)
corrections = _completer(_corrections)
schemas = _completer(_schemas)
TICKET = click.argument("identity", metavar="TICKET", shell_complete=tickets)
#: By the global option's name.
SELECTION: dict[str, Completer] = {
    "client": clients,
    "limit": devices,
    "role": _completer(_attribute("role")),
    "site": _completer(_attribute("site")),
    "platform": _completer(_attribute("platform")),
    "group": _completer(_groups),
}
