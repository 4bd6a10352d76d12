"""Inventories for people: tables that fit 100 columns; as JSON, documents."""

from collections.abc import Iterable

import click

from netmgr.cli.views import print_json, print_table, printable, table
from netmgr.model.checked import Checked
from netmgr.model.inventory import Device
from netmgr.workflows.inventory import DeviceView


def _print(columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    made = table(*columns)
    for row in rows:
        made.add_row(*(printable("" if cell is None else str(cell)) for cell in row))
    print_table(made)


def show_checked(checked: tuple[Checked, ...], *, output: str) -> None:
    """What was found right, and the warnings, equal ones of several devices on one line."""
    if output == "json":
        print_json("validate", {"clients": [one.model_dump(mode="json") for one in checked]})
        return
    for one in checked:
        for warning in grouped(one.warnings):
            click.echo(printable(f"warning: {warning}"), err=True)
    for one in checked:
        click.echo(f"{one.client}: {one.devices} devices, {one.links} links: ok")


def grouped(warnings: Iterable[str]) -> list[str]:
    """Warnings ``place: device: what`` that differ in the device only, as one with all devices."""
    devices: dict[tuple[str, str], list[str]] = {}
    for warning in warnings:
        place, device, what = warning.split(": ", 2)
        devices.setdefault((place, what), []).append(device)
    return [f"{place}: {', '.join(names)}: {what}" for (place, what), names in devices.items()]


def show_clients(checked: tuple[Checked, ...], *, output: str) -> None:
    """All clients."""
    if output == "json":
        clients = [{"client": one.client, "devices": one.devices, "links": one.links} for one in checked]
        print_json("clients", {"clients": clients})
        return
    _print(("CLIENT", "DEVICES", "LINKS"), ((one.client, one.devices, one.links) for one in checked))


def show_devices(client: str, devices: tuple[Device, ...], *, output: str) -> None:
    """A client's devices."""
    if output == "json":
        print_json("inventory", {"client": client, "devices": [_summary(device) for device in devices]})
        return
    _print(
        ("DEVICE", "PLATFORM", "ROLE", "SITE", "LIFECYCLE", "LOOPBACK", "HOSTNAME"),
        (
            (
                d.name,
                d.platform,
                d.role,
                d.site,
                d.lifecycle,
                ", ".join(map(str, d.data.loopback)),
                d.hostname,
            )
            for d in devices
        ),
    )


def _summary(device: Device) -> dict[str, object]:
    return {
        "device": device.name,
        "uid": device.uid,
        "platform": device.platform,
        "hostname": device.hostname,
        "role": device.role,
        "site": device.site,
        "lifecycle": device.lifecycle,
        "groups": list(device.groups),
        "loopback": [str(address) for address in device.data.loopback],
        "digest": device.digest,
    }


def show_device(client: str, view: DeviceView, *, explain: bool, output: str) -> None:
    """One device: every value after merging, with ``explain`` where it was written and what follows; its links."""
    if output == "json":
        document = {
            "client": client,
            **_summary(view.device),
            "merged": view.data,
            "links": [
                {"interface": c.interface, "peer": c.peer, "subnet": list(c.subnets)} for c in view.cables
            ],
        }
        if explain:
            document["origins"] = {fact.key: str(fact.origin) for fact in view.facts}
            document["derived"] = [
                {"key": d.key, "value": d.value, "origin": str(d.origin)} for d in view.derived
            ]
        print_json("device", document)
        return
    wider = ("WHERE",) if explain else ()
    _print(
        ("KEY", "VALUE", *wider),
        ((f.key, _plain(f.value), *([f.origin] if explain else [])) for f in view.facts),
    )
    if explain and view.derived:
        click.echo()
        _print(("DERIVED", "VALUE", "FROM"), ((d.key, _plain(d.value), d.origin) for d in view.derived))
    if view.cables:
        click.echo()
        _print(
            ("INTERFACE", "PEER", "SUBNET", *wider),
            (
                (c.interface, c.peer, ", ".join(c.subnets), *([c.origin] if explain else []))
                for c in view.cables
            ),
        )


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def show_imported(made: Checked, *, output: str) -> None:
    """What an import made, and what to do next."""
    if output == "json":
        print_json("import", {"client": made.client, "devices": made.devices, "links": made.links})
        return
    click.echo(
        f"client {made.client} made in inventory/{made.client}: {made.devices} devices, {made.links} links; "
        f"next: netmgr lab up -c {made.client}"
    )
