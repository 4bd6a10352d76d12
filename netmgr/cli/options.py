"""Options: each has an environment twin ``NETMGR_…``, and the global ones work before and after the command."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from netmgr.cli.context import Context

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

F = TypeVar("F", bound=Callable[..., Any])


def option(*names: str, lingers: bool = True, **attributes: Any) -> Callable[[F], F]:
    """A click option with its environment twin.

    ``lingers=False`` is for what must never be left behind in a shell: ``--yes``, ``--takeover`` and the like.
    """
    if lingers:
        # Of "--contact/--no-contact" the first word names the option.
        longest = max((name.split("/")[0] for name in names if name.startswith("-")), key=len)
        attributes.setdefault("envvar", "NETMGR_" + longest.strip("-").replace("-", "_").upper())
        attributes.setdefault("show_envvar", False)
    return click.option(*names, **attributes)


def gates_option() -> Callable[[F], F]:
    """The lab is no network: nobody waits for a window there, unless to see what the network would say."""
    return option(
        "--gates", is_flag=True, help="Let windows, freezes, the agreement and approvals bind the lab too."
    )


def diff_option() -> Callable[[F], F]:
    """How a command's diffs are shown; JSON documents hold them unified."""
    return option(
        "--diff",
        "diff_style",
        type=click.Choice(["context", "unified", "side"]),
        default="unified",
        show_default=True,
        help="Changed lines under their sections, as git shows them, or side by side.",
    )


def canary_option() -> Callable[[F], F]:
    """How many devices a change is tried on first."""
    return option(
        "--canary",
        type=click.IntRange(min=1),
        metavar="N",
        help="Commit on N devices at most first, those that harm nobody.",
    )


#: name → (flags, click attributes). ``GlobalOption`` reads them; the root group and every command carry them.
GLOBAL_OPTIONS: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "workspace": (
        ("-w", "--workspace"),
        {"metavar": "DIR", "help": "Workspace (default: the nearest one upward)."},
    ),
    "client": (("-c", "--client"), {"metavar": "ID", "help": "Client to work for."}),
    "limit": (("-l", "--limit"), {"metavar": "NAMES", "help": "Devices: names and globs, comma-separated."}),
    "role": (("--role",), {"metavar": "ROLE", "help": "Only devices of this role."}),
    "site": (("--site",), {"metavar": "SITE", "help": "Only devices of this site."}),
    "platform": (("--platform",), {"metavar": "NAME", "help": "Only devices of this platform."}),
    "group": (("--group",), {"metavar": "GROUP", "help": "Only devices of this inventory group."}),
    "lab": (("--lab/--network",), {"default": None, "help": "Aim at the lab instead of the network."}),
    "output": (("-o", "--output"), {"type": click.Choice(["table", "json"]), "help": "Output format."}),
    "request": (
        ("--request",),
        {"metavar": "ID", "help": "Repeat a command's id: returns its first result."},
    ),
    "debug": (("--debug/--no-debug",), {"default": None, "help": "Show tracebacks."}),
}


class GlobalOption(click.Option):
    """Stores its value in the invocation's Context; the one nearest to the command wins."""

    def __init__(self, name: str, *, root: bool) -> None:
        flags, attributes = GLOBAL_OPTIONS[name]
        super().__init__(
            [name, *flags],
            expose_value=False,
            is_eager=True,
            callback=self._store,
            envvar=f"NETMGR_{name.upper()}" if root else None,
            hidden=not root and name not in ("client", "limit", "lab", "output"),
            **attributes,
        )

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """Names that the workspace holds, for the options that take some."""
        from netmgr.cli.names import SELECTION

        names = SELECTION.get(self.name or "")
        return names(ctx, self, incomplete) if names else super().shell_complete(ctx, incomplete)

    @staticmethod
    def _store(ctx: click.Context, param: click.Parameter, value: Any) -> None:
        source = ctx.get_parameter_source(param.name or "")
        if source in (ParameterSource.COMMANDLINE, ParameterSource.ENVIRONMENT):
            ctx.ensure_object(Context).set(
                str(param.name), value, environment=source is ParameterSource.ENVIRONMENT
            )


def global_options(*, root: bool) -> list[click.Parameter]:
    """One fresh set of the global options."""
    return [GlobalOption(name, root=root) for name in GLOBAL_OPTIONS]


class Command(click.Command):
    """A command that accepts the global options after its name too.

    ``writes_devices`` commands take ``--client`` from the command line only: a client left behind in a shell must
    not decide whose network is changed.
    """

    def __init__(self, *args: Any, writes_devices: bool = False, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.writes_devices = writes_devices
        taken = {flag for param in self.params for flag in param.opts}
        self.params += [p for p in global_options(root=False) if not taken.intersection(p.opts)]

    def invoke(self, ctx: click.Context) -> Any:
        """Tell the Context which command runs, then run it."""
        ctx.ensure_object(Context).entered(ctx.command_path, writes_devices=self.writes_devices)
        return super().invoke(ctx)
