"""Platforms that other packages bring: entry points of the group ``netmgr.platforms``, beside netmgr's own forms.

The entry point's name is the platform's, its value the form. The templates stand beside the module that has the form,
in ``templates/``. Nothing is imported before a device of that platform is there: a package that is broken spoils nobody
else's devices.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from importlib.metadata import EntryPoint, entry_points
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from netmgr.errors import FormError
from netmgr.model.template import TemplateFile
from netmgr.platforms import FORMS
from netmgr.platforms.form import PlatformForm
from netmgr.platforms.form_shape import shape_problems

GROUP = "netmgr.platforms"
_MEND = "mend or remove the package that brings it (docs/how-to/platform.md)"


class InstalledForms(Mapping[str, PlatformForm]):
    """Platform → its form. Looking one up raises FormError where it cannot be used."""

    def __init__(self, own: Mapping[str, PlatformForm] = FORMS) -> None:
        self._own = own
        self._loaded: dict[str, PlatformForm] = {}
        self._found: dict[str, list[EntryPoint]] = {}
        for point in entry_points(group=GROUP):
            self._found.setdefault(point.name, []).append(point)

    def __getitem__(self, name: str) -> PlatformForm:
        if name not in self._loaded:
            self._loaded[name] = self._form(name)
        return self._loaded[name]

    def __contains__(self, name: object) -> bool:
        return name in self._own or name in self._found

    def __iter__(self) -> Iterator[str]:
        return iter(sorted({*self._own, *self._found}))

    def __len__(self) -> int:
        return len({*self._own, *self._found})

    def packaged(self) -> frozenset[str]:
        """The platforms that are not netmgr's own. Nothing is imported."""
        return frozenset(self._found)

    def templates(self, name: str) -> Mapping[str, TemplateFile] | None:
        """The templates that come with a platform's form; None for netmgr's own, whose are the workspace's."""
        if name not in self._found:
            return None
        self[name]  # a package that cannot be used is told of as such
        point = self._point(name)
        package = _package(point)
        directory = files(package) / "templates"
        if not directory.is_dir():
            raise FormError(f"platform {name}: {point.value} has no templates/ beside it; {_MEND}")
        return {
            file.name: TemplateFile(f"{package}/templates/{file.name}", file.read_text("utf-8"))
            for file in directory.iterdir()
            if file.name.endswith(".j2")
        }

    def identity(self) -> str:
        """A digest of the code of all platforms that are not netmgr's own, without importing it."""
        digest = sha256()
        for name, points in sorted(self._found.items()):
            for point in points:
                digest.update(f"{name} {point.value} {_whose(point)}\n".encode())
                for path in _code(point):
                    digest.update(path.read_bytes())
        return digest.hexdigest()

    def _point(self, name: str) -> EntryPoint:
        """The one that brings the platform. Raises KeyError, and FormError where there are several."""
        points = self._found[name]
        whose = [_whose(point) for point in points]
        if name in self._own:
            raise FormError(
                f"platform {name} is netmgr's own, and {' and '.join(whose)} has one of that name; remove the package"
            )
        if len(points) > 1:
            raise FormError(f"platform {name} is in {' and '.join(sorted(whose))}; remove all but one")
        return points[0]

    def _form(self, name: str) -> PlatformForm:
        if name not in self._found:
            return self._own[name]
        point = self._point(name)
        try:
            form = point.load()
        except Exception as error:
            why = f"{type(error).__name__}: {error}"
            raise FormError(
                f"platform {name}: {point.value} of {_whose(point)} cannot be loaded: {why}; {_MEND}"
            ) from error
        if problems := tuple(shape_problems(name, form)):
            raise FormError(f"platform {name}: {point.value} of {_whose(point)}: {problems[0]}; {_MEND}")
        assert isinstance(form, PlatformForm)  # noqa: S101 - the first thing that shape_problems looks at
        return form


def _package(point: EntryPoint) -> str:
    """The package in which the form's module stands. The module is imported already."""
    spec = find_spec(point.module)
    assert spec is not None  # noqa: S101 - it was loaded from there
    return point.module if spec.submodule_search_locations is not None else point.module.rpartition(".")[0]


def _code(point: EntryPoint) -> Iterator[Path]:
    """The files of the distribution package's code, sorted; none where it cannot be found."""
    spec = find_spec(point.module.partition(".")[0])
    for place in (spec.submodule_search_locations or ()) if spec else ():
        yield from sorted(Path(place).rglob("*.py"))


def _whose(point: EntryPoint) -> str:
    """The distribution and its version."""
    return f"{point.dist.name} {point.dist.version}" if point.dist else "a package without a name"
