"""Whether something is a form at all: what can be told of its fields without a configuration.

What its functions must do with configurations is held by ``netmgr.conformance``.
"""

import re
from collections.abc import Iterator, Mapping
from typing import get_args

from netmgr.model.last_change import Attribution
from netmgr.platforms.form import PlatformForm, ReadCommand, StateRequest, Support, TimerLimits

#: Fields that are called.
_FUNCTIONS = (
    *("canonical", "redact", "is_empty", "configured", "startup", "candidate", "verbatim", "link_data"),
    *("sides", "paths", "feature_of", "subject", "objections"),
)
_KINDS: dict[str, tuple[type, ...]] = {
    "driver": (str, type(None)),
    "loopback": (str, type(None)),
    "features": (Mapping,),
    "replace": (bool,),
    "merge": (bool,),
    "commit_confirm": (TimerLimits, type(None)),
    "commit_control": (str,),
    "port": (int,),
}
_ITEMS: dict[str, type] = {"state_requests": StateRequest, "reads": ReadCommand}
#: One of netmgr's own (netmgr/adapters/commit_controls.py), or a class of somebody else's.
_COMMIT_CONTROL = re.compile(r"[a-z]+|[A-Za-z_][\w.]*:[A-Za-z_]\w*", re.ASCII)


def shape_problems(name: str, form: object) -> Iterator[str]:
    """What keeps ``form`` from being the form of the platform ``name``, in words."""
    if not isinstance(form, PlatformForm):
        yield f"it is a {type(form).__name__}, not a PlatformForm"
        return
    if form.name != name:
        yield f"the form calls itself {form.name!r}"
    wrong = [*_wrong_fields(form)]
    yield from wrong
    if wrong:
        return
    for feature, answer in form.features.items():
        if answer not in get_args(Support):
            yield f"feature {feature} is answered {answer!r}, not rendered, host or absent"
    if form.attribution not in (None, *get_args(Attribution)):
        yield f"attribution {form.attribution!r} is not header or commits, nor None"
    if form.driver is not None and not form.replace:
        yield "NAPALM's driver cannot replace configurations (replace=False): netmgr changes nothing in another way"
    if not _COMMIT_CONTROL.fullmatch(form.commit_control):
        yield f"commit_control {form.commit_control!r} is neither one of netmgr's nor module:Class"
    for read in form.reads:
        try:
            re.compile(read.pattern)
        except re.error as error:
            yield f"the pattern of reads {read.words!r} is none: {error}"


def _wrong_fields(form: PlatformForm) -> Iterator[str]:
    for name in _FUNCTIONS:
        if not callable(getattr(form, name)):
            yield f"{name} is a {type(getattr(form, name)).__name__}, not a function"
    for name, kinds in _KINDS.items():
        if not isinstance(getattr(form, name), kinds):
            wanted = " or ".join(kind.__name__ for kind in kinds)
            yield f"{name} is a {type(getattr(form, name)).__name__}, not {wanted}"
    for name, kind in _ITEMS.items():
        if not all(isinstance(item, kind) for item in getattr(form, name)):
            yield f"{name} has what is no {kind.__name__}"
    adopt: object = form.adopt
    if adopt is not None and not callable(adopt):
        yield f"adopt is a {type(adopt).__name__}, not a function"
