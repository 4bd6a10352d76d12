"""``netmgr metrics``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from netmgr.cli.context import Context
from netmgr.cli.options import Command, option
from netmgr.cli.stopping import asked_to_stop
from netmgr.cli.views import print_json
from netmgr.errors import Exit, UsageError

if TYPE_CHECKING:
    from netmgr.model.metric import Metric
    from netmgr.workflows.metrics import Gauges


@click.command(cls=Command)
@option(
    "--textfile",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.prom",
    help="Write them to a file instead, for node_exporter's textfile collector.",
)
@option(
    "--listen",
    metavar="ADDRESS:PORT",
    help="Serve them at http://ADDRESS:PORT/metrics instead; ADDRESS is a loopback one.",
)
@click.pass_obj
def metrics(context: Context, textfile: Path | None, listen: str | None) -> int:
    """How the clients stand, in Prometheus's text format: from the log, the outbox and the scheduled runs."""
    from netmgr.adapters import prometheus
    from netmgr.workflows.metrics import metrics as measured

    if textfile and listen:
        raise UsageError("--textfile and --listen: choose one")
    gauges = _gauges(context)

    def measure() -> "tuple[Metric, ...]":
        return measured(gauges)

    if textfile:
        prometheus.write(measure, textfile)
    elif listen:
        address, port = _address(listen)
        # An exception instead would be lost in a request, answered as an error.
        with prometheus.server(measure, address, port) as server, asked_to_stop() as stopped:
            shown = f"[{address}]" if ":" in address else address
            click.echo(f"serving http://{shown}:{server.server_port}/metrics", err=True)
            prometheus.serve(server, stopped)
    elif context.output == "json":
        print_json("metrics", {"metrics": [metric_document(each) for each in measure()]})
    else:
        click.echo(prometheus.text(measure), nl=False)
    return Exit.OK


def _gauges(context: Context) -> "Gauges":
    """For one client (-c) or for all that the actor may read."""
    from importlib.metadata import version

    from netmgr.model.permission import may
    from netmgr.workflows.metrics import Gauges

    wiring, only = context.wiring, context.client_or_none
    clock = wiring.clock

    def clients() -> list[str]:
        today = clock.now().date()
        known = [only] if only else wiring.inventories.clients()
        return [each for each in known if may(wiring.people, context.actor.id, "read", each, today)]

    return Gauges(
        version=version("netmgr"),
        clock=clock,
        log=wiring.service_log,
        outbox=wiring.post.outbox,
        runs=wiring.runs,
        samples=wiring.samples,
        clients=clients,
        planned=wiring.schedule.planned,
        rules=lambda client: len(wiring.notify_files.settings().of(client)),
    )


def metric_document(metric: "Metric") -> dict[str, object]:
    """A metric of ``netmgr.metrics/1``."""
    return {
        "name": metric.name,
        "kind": metric.kind,
        "help": metric.help,
        "samples": [{"labels": dict(each.labels), "value": each.value} for each in metric.samples],
    }


def _address(listen: str) -> tuple[str, int]:
    address, _, port = listen.rpartition(":")
    if not address or not port.isdigit() or int(port) > 65535:
        raise UsageError(f"--listen {listen}: write ADDRESS:PORT, such as 127.0.0.1:9469")
    return address.strip("[]"), int(port)
