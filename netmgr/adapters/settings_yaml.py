"""config/netmgr.yaml → Settings."""

from pathlib import Path

from netmgr.adapters.schema_problems import validated
from netmgr.adapters.yaml_lines import parse
from netmgr.errors import InputError
from netmgr.model.device import DeviceData
from netmgr.model.origins import LocatedDict, Origin, Problem
from netmgr.model.settings import Settings

FILE = "config/netmgr.yaml"


def load_settings(workspace: Path) -> Settings:
    """The workspace's settings. Raises InputError with every problem at its line; an empty file is all defaults."""
    try:
        data = (workspace / FILE).read_bytes()
    except OSError as error:
        raise InputError([f"{FILE}: cannot be read: {error.strerror}; make it readable for you"]) from error
    if not any(line.strip() and not line.lstrip().startswith(b"#") for line in data.splitlines()):
        return Settings()
    problems: list[Problem] = []
    start = Origin(FILE, 1)
    raw = parse(data, FILE, problems)
    settings = validated(Settings, raw, problems, start) if isinstance(raw, LocatedDict) else None
    if settings is not None and settings.lab.overlay is not None:
        validated(DeviceData, settings.lab.overlay, problems, start)
    if problems or settings is None:
        raise InputError([str(problem) for problem in sorted(set(problems))])
    return settings
