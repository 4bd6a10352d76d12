"""Owned sections: a configuration in which only the lines of some features are netmgr's, and all others stay."""

from collections.abc import Iterable

from netmgr.model.intended import Intended
from netmgr.platforms.form import Path, PlatformForm


def in_part(intended: Intended, running: str, form: PlatformForm) -> Intended:
    """What a device shall run of which only some features are ours: the ``running`` text with their lines exchanged.

    A line of any other feature, or of none, stays as it is. A section that holds such a line stays open for it, whoever
    owns the section. One that is managed as a whole is returned as it is.
    """
    if intended.owned is None:
        return intended
    owned = intended.owned
    # Where a device listens to the order of lines, it is the one in which they were written.
    written = {path: number for number, path in enumerate(form.paths(intended.candidate))}
    kept = [path for path in form.paths(running) if form.feature_of(path) not in owned]
    ours = [path for path in form.paths(intended.config) if form.feature_of(path) in owned]
    candidate = text_of([*kept, *sorted(ours, key=lambda path: written.get(path, len(written)))])
    return intended.model_copy(update={"candidate": candidate, "config": form.canonical(candidate)})


def missing_sections(target: Intended, running: str, form: PlatformForm) -> tuple[Path, ...]:
    """The sections that ``target``, as ``in_part`` gives it, opens although they are neither owned nor there."""
    there = set(form.paths(running))
    return tuple(
        path
        for path in form.paths(target.config)
        if path not in there and target.owned is not None and form.feature_of(path) not in target.owned
    )


def text_of(paths: Iterable[Path]) -> str:
    """A text with these lines: a section is opened as often as lines that stand in it come after others."""
    rows: list[str] = []
    inside: Path = ()
    for path in paths:
        same = 0
        while same < min(len(inside), len(path) - 1) and inside[same] == path[same]:
            same += 1
        rows += [" " * depth + path[depth] for depth in range(same, len(path))]
        inside = path
    return "".join(f"{row}\n" for row in rows)
