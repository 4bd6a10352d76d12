"""Lines whose secret nobody could resolve: what stands in its place on the device is neither equal nor different."""

import re
from collections.abc import Callable, Iterator, Mapping

Path = tuple[str, ...]
"""A line, preceded by the lines that open the sections around it."""


def paths(config: str) -> Iterator[tuple[Path, int]]:
    """Each line of a canonical configuration with its path and its number (from 0); indentation tells the section."""
    around: list[tuple[int, str]] = []
    for number, line in enumerate(config.splitlines()):
        body = line.lstrip(" ")
        indent = len(line) - len(body)
        while around and around[-1][0] >= indent:
            around.pop()
        around.append((indent, body))
        yield tuple(body for _, body in around), number


def set_aside(
    running: str, intended: str, unresolved: Mapping[str, str], canonical: Callable[[str], str]
) -> tuple[str, tuple[str, ...]]:
    """``running`` with what stands for an unresolved secret replaced by its placeholder, and the lines concerned.

    ``unresolved`` is name → placeholder as it stands in ``intended``. A line that says everything but the secret is
    not compared; a line that is missing altogether stays missing, whatever its secret is.
    """
    if not unresolved:
        return running, ()
    marks = re.compile("|".join(map(re.escape, sorted(unresolved.values()))))
    lines = running.splitlines()
    places: dict[Path, list[int]] = {}
    for path, number in paths(running):
        places.setdefault(path[:-1], []).append(number)
    concerned = []
    for path, _ in paths(intended):
        if not marks.search(path[-1]):
            continue
        concerned.append(" / ".join(path))
        pattern = re.compile(r"\S.*".join(map(re.escape, marks.split(path[-1]))))
        for number in places.get(path[:-1], ()):
            body = lines[number].lstrip(" ")
            if pattern.fullmatch(body):
                lines[number] = lines[number][: len(lines[number]) - len(body)] + path[-1]
                break
    return canonical("".join(f"{line}\n" for line in lines)), tuple(concerned)
