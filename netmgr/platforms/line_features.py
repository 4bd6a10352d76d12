"""Which feature a configuration line is of, where sections have openers: data of a platform, applied here."""

import re
from collections.abc import Iterable, Mapping

from netmgr.platforms.form import Path

Beginnings = Iterable[tuple[str, str]]
"""(feature, pattern for how a line begins), with or without ``no`` before it; the first that matches counts."""

#: What EOS took over from IOS as it is. EOS has no lists with numbers alone.
ROUTING: tuple[tuple[str, str], ...] = (
    ("static_routes", r"(?:ip|ipv6) route "),
    ("as_path_lists", r"ip as-path access-list "),
    ("community_lists", r"ip community-list "),
    ("prefix_lists", r"(?:ip|ipv6) prefix-list "),
    ("acls", r"(?:(?:ip|ipv6) )?access-list "),
    ("route_maps", r"route-map "),
    ("ospf3", r"ipv6 router ospf "),
    ("ospf", r"router ospf "),
    # One process for all VRFs: its sections cannot have several owners.
    ("bgp", r"router bgp "),
)


class LineFeatures:
    """``top`` says it of lines at the top level, and so of all that stands in them; ``inside`` of lines in a feature's
    sections that are another's, with all that stands in these.
    """

    def __init__(self, top: Beginnings, inside: Mapping[str, Beginnings]) -> None:
        self._top = _compiled(top)
        self._inside = {feature: _compiled(lines) for feature, lines in inside.items()}
        self.names = frozenset(
            name for lines in (self._top, *self._inside.values()) for name, _ in lines if name
        )

    def of(self, path: Path) -> str | None:
        """See ``PlatformForm.feature_of``."""
        feature = _first(self._top, path[0])
        if feature in self._inside and len(path) > 1:
            return _first(self._inside[feature], path[1]) or feature
        return feature


def _compiled(lines: Beginnings) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((feature, re.compile(rf"(?:no )?(?:{pattern})")) for feature, pattern in lines)


def _first(lines: tuple[tuple[str, re.Pattern[str]], ...], line: str) -> str | None:
    return next((feature for feature, pattern in lines if pattern.match(line)), None)
