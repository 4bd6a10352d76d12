"""YAML with positions: libyaml's events become mappings and lists that know the line of each key and item.

Built from events, not from libyaml's node composer: that one recurses in C, and a hostile file of brackets would end
the process. Nothing but text, numbers, true, false and null is built; tags and merge keys are refused.
"""

import json
import re
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from netmgr.adapters.yaml_scalars import plain
from netmgr.model.origins import Doubtful, Key, LocatedDict, LocatedList, Origin, Problem

MAX_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 32
#: Values that aliases may stand for, in one file: an alias bomb of a few lines stands for millions.
MAX_ALIASED = 100_000

# Controls but tab, LF and CR; line and paragraph separators; what reorders text on a screen (Unicode TR 36); halves of
# surrogate pairs; byte order marks.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)
_LINE_BREAK = re.compile("\r\n|\r|\n")

#: What libyaml says → what to do about it.
_ADVICE = {
    "mapping values are not allowed in this context": "put text that holds a colon in quotes, or mend the indentation",
    "found character that cannot start any token": "put text that begins with @, ` or % in quotes",
    "found unexpected end of stream": "close the quote or bracket",
    "could not find expected ':'": "write key: value",
}


class _UnreadableError(Exception):
    """Nothing after this place can be read; carries the Problem."""

    def __init__(self, origin: Origin, message: str) -> None:
        self.problem = Problem(origin, message)
        super().__init__(str(self.problem))


def parse(data: bytes, path: str, problems: list[Problem]) -> LocatedDict | None:
    """The mapping that a file holds, or None where it holds none.

    Every problem found is appended to ``problems``; a value with a problem stays in the result, as Doubtful text where
    its meaning is unclear, so that the rest of the file is still checked.
    """
    root = _document(data, path, problems)
    if isinstance(root, LocatedDict):
        return root
    if not isinstance(root, Doubtful):
        problems.append(Problem(Origin(path, 1), "the file must hold a mapping (key: value)"))
    return None


def parse_list(data: bytes, path: str, problems: list[Problem]) -> LocatedList | None:
    """The list that a file holds, or None where it holds none; otherwise as ``parse``."""
    root = _document(data, path, problems)
    if isinstance(root, LocatedList):
        return root
    if not isinstance(root, Doubtful):
        problems.append(Problem(Origin(path, 1), "the file must hold a list (- item)"))
    return None


def _document(data: bytes, path: str, problems: list[Problem]) -> object:
    """Whatever the file holds; Doubtful text where it cannot be read, whose problem is appended."""
    try:
        return _Builder(_text(data, path), path, problems).build()
    except _UnreadableError as stop:
        problems.append(stop.problem)
        return Doubtful("")


def _text(data: bytes, path: str) -> str:
    """Strict UTF-8 without anything that hides or reorders text."""

    def stop(before: str, message: str) -> _UnreadableError:
        return _UnreadableError(Origin(path, 1 + len(_LINE_BREAK.findall(before))), message)

    if len(data) > MAX_BYTES:
        raise stop("", f"the file is larger than {MAX_BYTES // 1024 // 1024} MiB; split it")
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise stop("", "the file begins with a byte order mark; save it as UTF-8 without one")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        raise stop(before, f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8") from None
    hidden = _HIDDEN.search(text)
    if hidden:
        raise stop(
            text[: hidden.start()],
            f"the file holds the invisible character U+{ord(hidden[0]):04X}; remove it",
        )
    return text


class _Open:
    """A mapping or list that is being filled. ``before`` is the number of values read when it began; ``dropped`` tells
    that the value of the current key is not wanted.
    """

    __slots__ = ("anchor", "before", "container", "dropped", "key", "key_origin")

    def __init__(self, container: LocatedDict | LocatedList, anchor: str | None, before: int) -> None:
        self.container, self.anchor, self.before = container, anchor, before
        self.key: Key | None = None
        self.key_origin = container.origin
        self.dropped = False


class _Builder:
    """Builds one file's value from libyaml's events."""

    def __init__(self, text: str, path: str, problems: list[Problem]) -> None:
        self.text = text
        self.problems = problems
        # One Origin for each line, shared by all values of the line; libyaml counts from 0 and may point past the end.
        self.lines = [Origin(path, number) for number in range(1, text.count("\n") + text.count("\r") + 3)]
        self.open: list[_Open] = []
        self.anchors: dict[str, tuple[object, int]] = {}
        self.values = 0
        self.aliased = 0
        self.documents = 0
        self.root: object = None

    def build(self) -> object:
        # PyYAML's stubs do not tell of get_event(), the method that yaml.parse() is made of.
        parser: Any = yaml.cyaml.CParser(self.text)  # type: ignore[attr-defined]
        try:
            get_event, scalar, take = parser.get_event, self._scalar, self._take
            while (event := get_event()) is not None:
                if type(event) is ScalarEvent:
                    scalar(event)
                else:
                    take(event)
        except yaml.MarkedYAMLError as error:
            raise self._syntax(error) from None
        if not self.documents:
            raise _UnreadableError(self.lines[0], "the file is empty; write {} where there is nothing to say")
        return self.root

    def _take(self, event: Any) -> None:
        kind = type(event)
        if kind is MappingStartEvent or kind is SequenceStartEvent:
            self._begin(event, mapping=kind is MappingStartEvent)
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            done = self.open.pop()
            self._add(done.container, done.container.origin)
            if done.anchor:
                self.anchors[done.anchor] = (done.container, self.values - done.before)
        elif kind is AliasEvent:
            self._alias(event)
        elif kind is DocumentStartEvent:
            self.documents += 1
            if self.documents > 1:
                raise _UnreadableError(
                    self.lines[event.start_mark.line], "a second document begins; keep one in a file"
                )

    def _scalar(self, event: Any) -> None:
        origin, value = self.lines[event.start_mark.line], event.value
        if event.tag is not None:
            self._refuse_tag(event)
            value = Doubtful(value)
        elif event.implicit[0]:
            value, trap = plain(value)
            if trap:
                self.problems.append(Problem(origin, trap))
        elif event.style == '"' and (hidden := _HIDDEN.search(value)):
            self.problems.append(
                Problem(origin, f"the text holds the invisible character U+{ord(hidden[0]):04X}; remove it")
            )
            value = Doubtful(value)
        self.values += 1
        if event.anchor:
            self.anchors[event.anchor] = (value, 1)
        self._add(value, origin)

    def _begin(self, event: Any, *, mapping: bool) -> None:
        origin = self.lines[event.start_mark.line]
        if event.tag is not None:
            self._refuse_tag(event)
        if len(self.open) >= MAX_DEPTH:
            raise _UnreadableError(origin, f"more than {MAX_DEPTH} levels of nesting; write it flatter")
        if self.open and isinstance(self.open[-1].container, LocatedDict) and self.open[-1].key is None:
            raise _UnreadableError(origin, "a key must be text or a whole number, not a mapping or a list")
        self.values += 1
        self.open.append(
            _Open(LocatedDict(origin) if mapping else LocatedList(origin), event.anchor, self.values - 1)
        )

    def _alias(self, event: Any) -> None:
        origin, name = self.lines[event.start_mark.line], event.anchor
        if any(container.anchor == name for container in self.open):
            raise _UnreadableError(origin, f"*{name} stands inside what it stands for; write the value out")
        if name not in self.anchors:
            raise _UnreadableError(origin, f"*{name} has no anchor &{name} before it; write the value out")
        value, size = self.anchors[name]
        self.aliased += size
        if self.aliased > MAX_ALIASED:
            raise _UnreadableError(
                origin, f"aliases stand for more than {MAX_ALIASED} values; write them out or use groups"
            )
        self.values += size
        self._add(value, origin)

    def _add(self, value: object, origin: Origin) -> None:
        """Put a finished value where it belongs: as the root, an item, a key, or the value of the key before it."""
        if not self.open:
            self.root = value
            return
        top = self.open[-1]
        container = top.container
        if isinstance(container, LocatedList):
            container.append(value)
            container.at.append(origin)
        elif top.key is None:
            self._key(top, container, value, origin)
        else:
            if not top.dropped:
                container[top.key] = value
                container.at[top.key] = top.key_origin
            top.key = None

    def _key(self, top: _Open, container: LocatedDict, value: object, origin: Origin) -> None:
        if type(value) is not str and type(value) is not int:
            value = self._odd_key(value, origin)
        first = container.at.get(value)
        if first:
            self.problems.append(
                Problem(origin, f"key {_shown(value)} was already given at {first}; remove one")
            )
        top.key, top.key_origin = value, origin
        top.dropped = first is not None or (value == "<<" and isinstance(value, Doubtful))

    def _odd_key(self, value: object, origin: Origin) -> Key:
        """A key that is neither text nor a number: its problem is reported here."""
        if isinstance(value, (LocatedDict, LocatedList)):
            raise _UnreadableError(origin, "a key must be text or a whole number, not a mapping or a list")
        if not isinstance(value, Doubtful):
            written = json.dumps(value)
            message = f"the key {written} is neither text nor a whole number; write it in quotes"
            self.problems.append(Problem(origin, message))
        elif value == "<<":
            message = "merge keys (<<) are not YAML 1.2; use groups, or write the keys out"
            self.problems[-1] = Problem(origin, message)
        return Doubtful(value)

    def _refuse_tag(self, event: Any) -> None:
        origin = self.lines[event.start_mark.line]
        self.problems.append(Problem(origin, "YAML tags (!…) are not allowed; remove the tag"))

    def _syntax(self, error: yaml.MarkedYAMLError) -> _UnreadableError:
        mark = error.problem_mark or error.context_mark
        line = mark.line if mark else 0
        said = str(error.problem)
        begun = error.context_mark
        if mark and self.text[mark.index : mark.index + 1] == "\t":
            message = "not valid YAML: a tab indents this line; use spaces"
        else:
            advice = _ADVICE.get(said, "check indentation, quotes and brackets")
            since = f" (in what begins at line {begun.line + 1})" if begun and begun.line != line else ""
            message = f"not valid YAML: {said}{since}; {advice}"
        return _UnreadableError(self.lines[min(line, len(self.lines) - 1)], message)


def _shown(key: object) -> str:
    text = str(key)
    return repr(text if len(text) <= 60 else f"{text[:60]}…")
