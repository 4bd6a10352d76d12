"""Command groups that import a command's module only when that command is called, so that ``--help`` is instant."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from netmgr.cli.context import Context
from netmgr.cli.options import Command, GlobalOption, global_options

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class LazyGroup(click.Group):
    """A group whose commands are ``name: ("module:attribute", "one line of help")``."""

    def __init__(self, *args: Any, lazy: dict[str, tuple[str, str]], **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The commands in the order of a change's life, not of the alphabet."""
        return list(self.lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        """Import and return the command, or None for an unknown name."""
        if cmd_name not in self.lazy:
            return None
        module, _, attribute = self.lazy[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """Complete the commands' names without importing them."""
        from click.shell_completion import CompletionItem

        commands = [
            CompletionItem(name, help=summary)
            for name, (_, summary) in self.lazy.items()
            if name.startswith(incomplete)
        ]
        return commands + click.Command.shell_complete(self, ctx, incomplete)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in self.lazy.items()])


class Group(click.Group):
    """A group inside one module (``netmgr log …``): its commands accept the global options."""

    command_class = Command
    group_class = type


class CommandGroup(Group):
    """A command that has commands below it too: its own options are for itself, the global ones for all of them."""

    def __init__(self, *args: Any, **attributes: Any) -> None:
        attributes |= {"invoke_without_command": True, "subcommand_metavar": "[COMMAND]"}
        super().__init__(*args, **attributes)
        taken = {flag for param in self.params for flag in param.opts}
        self.params += [p for p in global_options(root=False) if not taken.intersection(p.opts)]

    def invoke(self, ctx: click.Context) -> Any:
        """Refuse its own options before another command's name, where nobody would heed them."""
        below = next(iter(ctx._protected_args), None)
        if below is not None:
            for param in self.params:
                given = ctx.get_parameter_source(param.name or "") is ParameterSource.COMMANDLINE
                if given and not isinstance(param, GlobalOption):
                    raise click.UsageError(
                        f"{param.opts[0]} stands before {below}; write it behind: `{ctx.command_path} {below} …`",
                        ctx,
                    )
        else:
            ctx.ensure_object(Context).entered(ctx.command_path, writes_devices=False)
        return super().invoke(ctx)
