"""Templates → configuration text. Data is never rendered as a template; a template reads the intent alone."""

import traceback
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from typing import Any, Final

from jinja2 import Environment, StrictUndefined, Template, TemplateNotFound, TemplateSyntaxError, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError, TemplateError, TemplateRuntimeError
from jinja2.loaders import FunctionLoader
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from netmgr.document.compiled import CompiledTemplates
from netmgr.errors import RenderError
from netmgr.model import addresses, intent, policy_intent, system, system_intent
from netmgr.model.base import Frozen
from netmgr.model.intent import DeviceIntent
from netmgr.model.template import WORKSPACE_PREFIX, Sources

_PLAIN: frozenset[type] = (
    frozenset(
        kind
        for module in (intent, policy_intent, system, system_intent)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Frozen)
    )
    | addresses.KINDS
)
_COMPILED: Final = CompiledTemplates()


class _Compiler(CodeGenerator):
    """Compiles templates for many renderings: what costs most in Jinja's own code is left out where nothing needs it.

    Values of the intent are read in place, instead of asking the sandbox for each of them; what is not of the intent,
    and every name that begins with an underscore, is asked for as ever. A template and a block give their text in one
    piece: Jinja hands each word of it through all the templates around.
    """

    def blockvisit(self, nodes: Iterable[nodes.Node], frame: Frame) -> None:
        if frame.buffer is not None or not (frame.rootlevel or frame.block_frame):
            super().blockvisit(nodes, frame)
            return
        self.buffer(frame)
        super().blockvisit(nodes, frame)
        self.writeline(f"yield concat({frame.buffer})")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 - Jinja's name
        if node.attr.startswith("_"):
            super().visit_Getattr(node, frame)
            return
        value = self.temporary_identifier()
        self.write(f"({value}.{node.attr} if type({value} := ")
        self.visit(node.node, frame)
        self.write(f") in environment.plain else environment.getattr({value}, {node.attr!r}))")

    def visit_Test(self, node: nodes.Test, frame: Frame) -> None:  # noqa: N802 - Jinja's name
        if node.name != "none":
            super().visit_Test(node, frame)
            return
        self.write("(")
        self.visit(node.node, frame)
        self.write(" is None)")


class _Context(Context):
    """Does not list the globals' names, which takes longer than a small template.

    Only a rendering's own globals would have to be handed on to imported templates, and there are none.
    """

    def __init__(
        self,
        environment: Environment,
        parent: dict[str, Any],
        name: str | None,
        blocks: dict[str, Callable[[Context], Iterator[str]]],
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002, ARG002 - Jinja's name
    ) -> None:
        super().__init__(environment, parent, name, blocks)


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, in which nobody asks whether an attribute of the intent is safe: all of them are values."""

    code_generator_class = _Compiler
    context_class = _Context

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        # The object's own: Python would look one of the class up anew for each value of a rendering.
        self.plain = _PLAIN
        self._compiled: dict[object, Template] = {}

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> Template:  # noqa: A002
        """Jinja's own looks at the loader each time; here the sources are given and do not change."""
        known = self._compiled.get(name)
        if known is None:
            known = self._compiled[name] = super().get_template(name, parent, globals)
        return known

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) in _PLAIN and attribute[0] != "_":
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)


class Renderer:
    """Compiled templates for one run: one environment for each platform.

    ``templates`` is what ``netmgr.ports.templates.Templates`` gives for one client.
    """

    def __init__(self, templates: Sources) -> None:
        self._templates = templates
        self._environments: dict[str, Environment] = {}

    def render(self, device: DeviceIntent) -> str:
        """The device's complete configuration; secrets stand in it as references.

        Raises RenderError: template file and line, device, and the missing key or the template's mistake.
        """
        try:
            return self._environment(device.platform).get_template("main.j2").render(device=device)
        except TemplateNotFound as error:
            missing = f"templates/{device.platform}/{error.name}"
            raise RenderError(f"{missing}: not found (rendering {device.name})") from error
        except TemplateSyntaxError as error:
            raise RenderError(
                f"{error.filename}:{error.lineno}: {error.message} (rendering {device.name})"
            ) from error
        except RecursionError as error:
            advice = f"to extend the workspace's, write {WORKSPACE_PREFIX} before its name"
            where = self._where(error, device.platform)
            raise RenderError(
                f"{where}: it stands inside itself; {advice} (rendering {device.name})"
            ) from error
        except (
            TemplateRuntimeError,
            SecurityError,
            TemplateError,
            AttributeError,
            TypeError,
            ValueError,
            ArithmeticError,
        ) as error:
            raise RenderError(
                f"{self._where(error, device.platform)}: {error} (rendering {device.name})"
            ) from error

    def _environment(self, platform: str) -> Environment:
        if platform not in self._environments:
            sources = self._templates.get(platform, {})

            def load(name: str) -> tuple[str, str, None] | None:
                return (sources[name].text, sources[name].path, None) if name in sources else None

            self._environments[platform] = _Sandbox(
                loader=FunctionLoader(load),
                bytecode_cache=_COMPILED,
                undefined=StrictUndefined,
                trim_blocks=True,
                lstrip_blocks=True,
                keep_trailing_newline=True,
                autoescape=False,  # router configuration, not HTML
            )
        return self._environments[platform]

    @staticmethod
    def _where(error: BaseException, platform: str) -> str:
        """The innermost template frame of the traceback, which Jinja rewrites to template lines."""
        frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.endswith(".j2")]
        return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else f"templates/{platform}/main.j2"
