"""templates/<platform>/*.j2 of the workspace."""

from collections.abc import Mapping
from pathlib import Path

from netmgr.errors import InputError


class TemplateDirectory:
    """See ``netmgr.ports.templates.Templates``."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def sources(self, platforms: frozenset[str]) -> Mapping[str, Mapping[str, str]]:
        """Read every template of the platforms."""
        result: dict[str, dict[str, str]] = {}
        problems = []
        for platform in sorted(platforms):
            directory = self._directory / platform
            result[platform] = {}
            for path in sorted(directory.glob("*.j2")):
                try:
                    result[platform][path.name] = path.read_text()
                except (OSError, UnicodeDecodeError) as error:
                    problems.append(f"templates/{platform}/{path.name}: cannot be read: {error}")
            if "main.j2" not in result[platform]:
                problems.append(
                    f"templates/{platform}/main.j2: missing; each platform's template starts there"
                )
        if problems:
            raise InputError(problems)
        return result
