"""What a model refuses, said for the person who wrote the file: where, what is wrong, what to do."""

import types
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from netmgr.model.fields import ID_FORM, shown
from netmgr.model.names import ID_PATTERN
from netmgr.model.origins import Doubtful, Key, Origin, Path, Problem, locate
from netmgr.model.suggest import closest, did_you_mean

M = TypeVar("M", bound=BaseModel)

_WANTED = {
    "string_type": "text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "tuple_type": "a list",
    "dict_type": "a mapping (key: value)",
    "model_type": "a mapping (key: value)",
}
#: The keys that say which of several things one is.
_KINDS = ("job", "kind")
_PATTERNS = {
    ID_PATTERN: f"is not an id; {ID_FORM}",
}


def validated(model: type[M], raw: object, problems: list[Problem], default: Origin) -> M | None:
    """``raw`` as ``model``, or None with every problem appended, each at the line of the value that it speaks of.

    Text whose meaning was doubtful has its problem already.
    """
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        details = error.errors(include_url=False)
        wrong = {detail["loc"][:-1] for detail in details}
        problems += dict.fromkeys(
            _problem(detail, raw, model, default)
            for detail in details
            if not isinstance(detail["input"], Doubtful)
            # Items that are wrong themselves are not counted by pydantic.
            and not (detail["type"] == "too_short" and detail["loc"] in wrong)
        )
        return None


def _problem(detail: ErrorDetails, raw: object, model: type[BaseModel], default: Origin) -> Problem:
    path = _written(detail["loc"], raw)
    where = f"{_text(path)}: " if path else ""
    match detail["type"]:
        case "missing":
            return Problem(locate(raw, path, default), f"{where}missing key {detail['loc'][-1]!r}; add it")
        case "union_tag_not_found":
            missing = detail["ctx"]["discriminator"]
            return Problem(locate(raw, path, default), f"{where}missing key {missing}; add it")
        case "union_tag_invalid":
            key, kinds = detail["ctx"]["discriminator"].strip("'"), detail["ctx"]["expected_tags"]
            return Problem(locate(raw, (*path, key), default), f"{where}{key} must be one of {kinds}")
        case "extra_forbidden":
            above = _text(path[:-1])
            message = f"{above}: " if above else ""
            message += f"unknown key {str(path[-1])!r}; {_meant(str(path[-1]), model, path[:-1])}"
            return Problem(locate(raw, path, default), message)
    return Problem(locate(raw, path, default), where + _message(detail))


def _message(detail: ErrorDetails) -> str:
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    match kind:
        case "value_error":
            return str(context["error"])
        case "string_type" if isinstance(value, (bool, int, float)):
            return f"must be text, not {_kind(value)}; write it in quotes"
        case "int_type" if isinstance(value, str) and value.isdecimal():
            return "must be a whole number, not text; write it without quotes"
        case "literal_error":
            close = closest(str(value), context["expected"].split("'")[1::2])
            return f"must be {context['expected']}" + (f"; did you mean {close!r}?" if close else "")
        case "string_pattern_mismatch":
            return f"{shown(value)} {_PATTERNS.get(context['pattern'], 'does not have the form ' + context['pattern'])}"
        case "greater_than_equal":
            return f"must be {context['ge']} or more"
        case "less_than_equal":
            return f"must be {context['le']} or less"
        case "string_too_long" | "too_long" if isinstance(value, str):
            return f"must have at most {context['max_length']} characters"
        case "string_too_short" | "too_short" if isinstance(value, str):
            return "must not be empty; leave the key out instead"
        case "too_short":
            return f"needs {context['min_length']} or more items, not {context['actual_length']}"
        case "too_long":
            return f"takes at most {context['max_length']} items, not {context['actual_length']}"
    return f"must be {_WANTED[kind]}, not {_kind(value)}" if kind in _WANTED else detail["msg"]


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    names = {int: "a whole number", float: "a decimal number", str: "text", type(None): "null"}
    if isinstance(value, Mapping):
        return "a mapping"
    return names.get(type(value), "a list")


def _written(loc: tuple[int | str, ...], raw: object) -> Path:
    """The part of pydantic's location that stands in the file: without ``[key]``, the 0 of a list of one, and the kind
    of a thing that is one of several, which may be a key of it, too.
    """
    path: list[Key] = []
    node: Any = raw
    tagged: Any = None
    for step in loc:
        one_of_several = path and node is not tagged and isinstance(node, Mapping)
        if one_of_several and any(node.get(key) == step for key in _KINDS):
            tagged = node
            continue
        inside = isinstance(step, int) and step < len(node) if isinstance(node, list) else None
        if inside or (isinstance(node, Mapping) and step in node):
            node = node[step]
            path.append(step)
    return tuple(path)


def _text(path: Path) -> str:
    """``interfaces.eth1.mtu``, ``static_routes[0].prefix``, ``bgp.neighbors[192.0.2.1]``."""
    text = ""
    for step in path:
        plain = isinstance(step, str) and step.replace("_", "").replace("-", "").isalnum() and len(step) <= 63
        text += f"[{shown(step)[1:-1]}]" if not plain else f".{step}" if text else str(step)
    return text


def _meant(word: str, model: type[BaseModel], path: Path) -> str:
    """What an unknown key was probably meant to be: a key one level deeper, or one with a similar name."""
    here = _model_at(model, path)
    if here is None:
        return "remove it"
    deeper = [
        name for name, annotation in _fields(here).items() if (m := _model(annotation)) and word in _fields(m)
    ]
    if deeper:
        return f"did you mean {f'{deeper[0]}.{word}'!r}?"
    return did_you_mean(word, _fields(here))


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _model_at(model: type[BaseModel], path: Path) -> type[BaseModel] | None:
    node: Any = model
    for step in path:
        found = _model(node)
        if found is not None:
            node = _fields(found).get(str(step))
        else:
            node = next(
                (
                    get_args(n)[-1 if get_origin(n) is not tuple else 0]
                    for n in _unwrapped(node)
                    if get_args(n)
                ),
                None,
            )
    return _model(node)


def _unwrapped(annotation: Any) -> Iterator[Any]:
    """The types that ``annotation`` allows, without Annotated, Optional and Union."""
    if get_origin(annotation) is Annotated:
        yield from _unwrapped(get_args(annotation)[0])
    elif get_origin(annotation) in (Union, types.UnionType):
        for argument in get_args(annotation):
            yield from _unwrapped(argument)
    else:
        yield annotation


def _model(annotation: Any) -> type[BaseModel] | None:
    return next((t for t in _unwrapped(annotation) if isinstance(t, type) and issubclass(t, BaseModel)), None)
