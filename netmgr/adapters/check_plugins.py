"""Kinds of checks that other packages bring: entry points of the group ``netmgr.checks``."""

from importlib.metadata import entry_points

from netmgr.ports.checks import CheckPlugin

GROUP = "netmgr.checks"


class EntryPointPlugins:
    """The installed ones. Nothing is imported before a check of that kind is there."""

    def names(self) -> tuple[str, ...]:
        """The kinds, sorted."""
        return tuple(sorted({point.name for point in entry_points(group=GROUP)}))

    def load(self, kind: str) -> CheckPlugin:
        """The plug-in of a kind. Raises ValueError where its package cannot be used, saying why."""
        point = next(iter(entry_points(group=GROUP, name=kind)))
        try:
            plugin = point.load()
        except Exception as error:
            raise ValueError(f"{point.value} cannot be loaded: {type(error).__name__}: {error}") from error
        missing = [word for word in ("getters", "problem", "judge") if not hasattr(plugin, word)]
        if missing:
            raise ValueError(f"{point.value} has no {missing[0]} (docs/reference/checks.md)")
        return plugin  # type: ignore[no-any-return]  # checked just above
