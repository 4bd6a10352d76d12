"""templates/<platform>/*.j2 of the workspace, and inventory/<client>/templates/<platform>/*.j2 in place of some.

A platform that another package brings has its templates there, unless the workspace has a directory for it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from netmgr.adapters.inventory_files import read_file
from netmgr.errors import InputError
from netmgr.model.origins import Origin, Problem
from netmgr.model.suggest import did_you_mean
from netmgr.model.template import WORKSPACE_PREFIX, Sources, TemplateFile


def _nowhere(_platform: str) -> None:
    return None


class TemplateDirectory:
    """See ``netmgr.ports.templates.Templates``.

    ``packaged`` gives the templates that come with a platform's form, for the platforms of ``brought``.
    """

    def __init__(
        self,
        workspace: Path,
        packaged: Callable[[str], Mapping[str, TemplateFile] | None] = _nowhere,
        brought: frozenset[str] = frozenset(),
    ) -> None:
        self._workspace, self._packaged, self._brought = workspace, packaged, brought

    def sources(self, client: str, platforms: frozenset[str]) -> Sources:
        """Read every template of the platforms, and the client's own."""
        problems: list[Problem] = []
        result: dict[str, dict[str, TemplateFile]] = {}
        known = {path.name for path in (self._workspace / "templates").glob("*") if path.is_dir()}
        brought = self._brought - known
        for platform in sorted(platforms):
            files = self._of(platform, problems, packaged=platform in brought)
            result[platform] = files
        own = Path("inventory", client, "templates")
        for name in _names(self._workspace / own):
            if name not in known | brought:
                message = f"no platform {name} has templates; {did_you_mean(name, known | brought)}"
                problems.append(Problem(Origin(f"{own}/{name}", 1), message))
            elif name in result:
                result[name] |= self._replaced(own / name, result[name], problems)
        if problems:
            raise InputError([str(problem) for problem in problems])
        return result

    def _of(self, platform: str, problems: list[Problem], *, packaged: bool) -> dict[str, TemplateFile]:
        """The platform's own files, with ``main.j2`` among them."""
        directory = Path("templates", platform)
        if packaged:
            files = dict(self._packaged(platform) or {})
        else:
            files = dict(_files(self._workspace, directory, _names(self._workspace / directory), problems))
        if "main.j2" not in files:
            message = "missing; each platform's template starts there"
            problems.append(Problem(Origin(f"{directory}/main.j2", 1), message))
        return files

    def _replaced(
        self, directory: Path, workspace: dict[str, TemplateFile], problems: list[Problem]
    ) -> dict[str, TemplateFile]:
        """The client's files of one platform, and those of the workspace under their longer names."""
        if not self._lies_within(directory, problems):
            return {}
        names = _names(self._workspace / directory)
        for name in names:
            if name not in workspace:
                message = f"the workspace has no template {name} to replace; {did_you_mean(name, workspace)}"
                problems.append(Problem(Origin(f"{directory}/{name}", 1), message))
        known = [name for name in names if name in workspace]
        files = dict(_files(self._workspace, directory, known, problems))
        longer = {f"{WORKSPACE_PREFIX}{name}": file for name, file in workspace.items()}
        return longer | files if files else {}

    def _lies_within(self, directory: Path, problems: list[Problem]) -> bool:
        """Whether no symbolic link leads out of the client's directory on the way."""
        client = self._workspace / directory.parent.parent
        place = self._workspace / directory
        if place.resolve().is_relative_to(client.resolve()) and place.is_dir():
            return True
        message = "not a directory of the client's; put the templates themselves here"
        problems.append(Problem(Origin(str(directory), 1), message))
        return False


def _names(directory: Path) -> list[str]:
    """What a directory holds, sorted; hidden files are nothing."""
    try:
        return sorted(path.name for path in directory.iterdir() if not path.name.startswith("."))
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise InputError([f"{directory}: cannot be read ({error.strerror}); make it readable"]) from None


def _files(
    workspace: Path, directory: Path, names: Iterable[str], problems: list[Problem]
) -> Iterator[tuple[str, TemplateFile]]:
    for name in names:
        if not name.endswith(".j2"):
            continue
        shown = f"{directory}/{name}"
        content = read_file(workspace / shown, shown, inside=workspace / directory, kind="template")
        if isinstance(content, Problem):
            problems.append(content)
        elif content is not None:
            try:
                yield name, TemplateFile(shown, content.decode())
            except UnicodeDecodeError as error:
                line = 1 + content[: error.start].count(b"\n")
                problems.append(Problem(Origin(shown, line), "not UTF-8; save the file as UTF-8"))
