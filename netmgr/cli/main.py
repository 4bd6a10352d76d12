"""``netmgr``: the command table and the one place where errors become a line and an exit code."""

import gc
import os
import sys
from importlib.metadata import version

import click

from netmgr.cli.context import Context
from netmgr.cli.groups import LazyGroup
from netmgr.cli.options import global_options
from netmgr.errors import Exit, NetmgrError

COMMANDS = {
    "init": ("netmgr.cli.init:init", "Make a new workspace."),
    "validate": ("netmgr.cli.validate:validate", "Check every file of the workspace, or of one client."),
    "inventory": ("netmgr.cli.inventory:inventory", "List, show and import what is looked after."),
    "schema": ("netmgr.cli.schema:schema", "Print the JSON Schema of a file, for editors."),
    "adopt": ("netmgr.cli.adopt:adopt", "Read what devices run into the inventory."),
    "render": ("netmgr.cli.render:render", "Print the configuration that the inventory intends."),
    "plan": ("netmgr.cli.plan:plan", "Show what a deploy would change."),
    "approve": ("netmgr.cli.approve:approve", "Sign for somebody else's plan."),
    "rehearse": ("netmgr.cli.rehearse:rehearse", "Make a change on a twin of the network, and judge it."),
    "deploy": ("netmgr.cli.deploy:deploy", "Change the network, all or nothing."),
    "confirm": ("netmgr.cli.deploy:confirm", "Confirm a change that `deploy --hold` left pending."),
    "rollback": ("netmgr.cli.deploy:rollback", "Bring the devices back to before a change."),
    "recover": ("netmgr.cli.recover:recover", "Finish what an interrupted change left open."),
    "status": ("netmgr.cli.status:status", "How a client stands, on one screen."),
    "audit": ("netmgr.cli.audit:audit", "Compare what the devices run with what is intended."),
    "backup": ("netmgr.cli.backup:backup", "Keep what the devices run, encrypted and versioned."),
    "restore": ("netmgr.cli.restore:restore", "Give a device again what was kept of it."),
    "drift": ("netmgr.cli.drift:drift", "Accept, revert or waive what devices run otherwise."),
    "drill": ("netmgr.cli.drill:drill", "Prove the backups: restore them all on an empty twin."),
    "probe": ("netmgr.cli.probe:probe", "How available the devices are, from signs of life."),
    "show": ("netmgr.cli.show:show", "Run a read-only command on the devices."),
    "schedule": ("netmgr.cli.schedule:schedule", "What runs by itself, when, and how it ended."),
    "scheduler": ("netmgr.cli.scheduler:scheduler", "Run what is due, until it is stopped."),
    "playbook": ("netmgr.cli.playbook:playbook", "What Ansible does on the hosts."),
    "doctor": ("netmgr.cli.doctor:doctor", "Test the installation and the way to each device."),
    "metrics": ("netmgr.cli.metrics:metrics", "How the clients stand, for Prometheus."),
    "notify": ("netmgr.cli.notify:notify", "Tell people what the log has news of."),
    "agreement": ("netmgr.cli.agreement:agreement", "What was promised, as both have signed it."),
    "oncall": ("netmgr.cli.oncall:oncall", "Who is on call, and who is called next."),
    "time": ("netmgr.cli.time:time", "Time worked for a client, against what is included."),
    "notice": ("netmgr.cli.notice:notice", "Tell a client of a change before it is made."),
    "ticket": ("netmgr.cli.ticket:ticket", "The desk: faults, requests and what was done for them."),
    "invoice": ("netmgr.cli.invoice:invoice", "What a client owes, with numbers that have no gap."),
    "payment": ("netmgr.cli.payment:payment", "What was paid for invoices."),
    "report": ("netmgr.cli.report:report", "What was done for a client in a month."),
    "exit-pack": ("netmgr.cli.exit_pack:exit_pack", "All that is kept of a client, for the client."),
    "retention": ("netmgr.cli.retention:retention", "Delete what the agreement says is not kept longer."),
    "log": ("netmgr.cli.log:log", "Read, verify and export the service log."),
    "state": ("netmgr.cli.state:state", "Keep all of netmgr's own in a second place."),
    "lab": ("netmgr.cli.lab:lab", "A twin of the client's network on this machine."),
    "completion": ("netmgr.cli.completion:completion", "Print a shell's completion script."),
}


def _print_version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value:
        click.echo(f"netmgr {version('netmgr')}")
        ctx.exit()


cli = LazyGroup(
    name="netmgr",
    lazy=COMMANDS,
    params=[
        *global_options(root=True),
        click.Option(
            ["--version"], is_flag=True, expose_value=False, callback=_print_version, help="Show the version."
        ),
    ],
    help="Network changes for managed service providers: planned, transactional, proved and logged.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _fail(context: Context, error: NetmgrError) -> int:
    from netmgr.cli.views import print_error

    print_error(error, output=context.output)
    return int(error.code)


def run(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code; never raises but for ``--debug``."""
    context = Context()
    try:
        result = cli.main(arguments, prog_name="netmgr", standalone_mode=False, obj=context)
        return int(result or Exit.OK)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return int(Exit.USAGE)
    except click.ClickException as error:
        where = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "netmgr"
        click.echo(f"error: {error.format_message()} (see `{where} --help`)", err=True)
        return int(Exit.USAGE)
    except NetmgrError as error:
        if context.debug:
            raise
        return _fail(context, error)
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted; nothing was left pending", err=True)
        return 130
    except BrokenPipeError:
        # The reader of our output has gone (`netmgr log list | head`): say nothing, and keep Python from saying it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return int(Exit.OK)
    except Exception as error:
        if context.debug:
            raise
        detail = " ".join(str(error).split()) or "no detail"
        click.echo(
            f"error: internal: {type(error).__name__}: {detail}; run again with --debug to see where",
            err=True,
        )
        return int(Exit.FAILED)


def main() -> None:
    """Entry point of the ``netmgr`` command."""
    # One command, then the process ends: collecting less often saves a fifth of the CPU of a large inventory.
    gc.set_threshold(100_000)
    sys.exit(run())
