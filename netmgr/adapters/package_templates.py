"""The report's templates, which are part of the program and not of the workspace."""

from collections.abc import Mapping
from importlib.resources import files


def report_templates() -> Mapping[str, str]:
    """The files of netmgr/report/templates by name."""
    directory = files("netmgr.report") / "templates"
    return {file.name: file.read_text(encoding="utf-8") for file in directory.iterdir() if file.is_file()}
