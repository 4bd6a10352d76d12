"""Template sources as they were read."""

from collections.abc import Mapping
from typing import NamedTuple

#: What a client's own template calls the one that it stands in place of: ``workspace/bgp.j2``.
WORKSPACE_PREFIX = "workspace/"


class TemplateFile(NamedTuple):
    """One template: its path for messages, relative to the workspace, and its text."""

    path: str
    text: str


Sources = Mapping[str, Mapping[str, TemplateFile]]
"""Platform → name by which templates call each other → file."""
