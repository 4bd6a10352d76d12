"""Whatever an inventory says of a device stands in its configuration or is refused where it is said: never left out."""

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from netmgr.adapters.inventory_memory import MemoryInventories
from netmgr.errors import InputError
from netmgr.intent.feature_uses import all_uses, features_used
from netmgr.intent.features import FEATURES
from netmgr.intent.render import Renderer
from netmgr.intent.resolve import resolve
from netmgr.intent.wiring import wire
from netmgr.model.device import DeviceData
from netmgr.model.template import TemplateFile
from netmgr.platforms.form import PlatformForm

#: What no configuration holds: it is for netmgr, or says how another value is meant.
_OURS = re.compile(r"(?:uid|role|site|lifecycle|management|service)(?:\..*)?|acls\.[^.]+\.(?:type|filters)")
#: What cannot be said beside everything else.
_APART = frozenset({"automatic_router_ids", "bgp_without_policy", "extra_config"})

Steps = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Saying:
    """What one device of the platform can be told.

    ``data`` is its data as in hosts.yaml, with every feature that the form renders, and more; each value is another one
    than what holds without it. ``templates`` are the platform's, by their names. ``otherwise`` are values that change
    nothing, by their dotted paths, and why that is no silence.
    """

    data: Mapping[str, Any]
    templates: Mapping[str, str]
    otherwise: Mapping[str, str] = field(default_factory=dict)


def silent(form: PlatformForm, saying: Saying) -> Iterator[str]:
    """Features that nothing is said of, values neither rendered nor refused, refusals that do not say where."""
    try:
        told = _Told(form, saying)
    except InputError as error:
        yield from (f"whatever is rendered, the data is refused: {problem}" for problem in error.problems)
        return
    for feature, answer in sorted(form.features.items()):
        if answer == "rendered" and feature not in {*told.used, *_APART}:
            yield f"{feature} is rendered, and the data has nothing of it"
    yield from _left_out(told, saying)
    yield from _refusals(form, told, saying)


def _left_out(told: "_Told", saying: Saying) -> Iterator[str]:
    whole, answered = told.text(saying.data), told.answered()
    if whole is None:
        yield "the data cannot be rendered"
        return
    for path in _leaves(saying.data):
        words = tuple(map(str, path))
        name = ".".join(words)
        if _OURS.fullmatch(name) or any(words[: len(place)] == place for place in answered):
            continue
        changes = told.text(_without(saying.data, path)) != whole
        if changes == (name in saying.otherwise):
            yield f"{name}: is said to change nothing, and does" if changes else f"{name}: is left out"


def _refusals(form: PlatformForm, told: "_Told", saying: Saying) -> Iterator[str]:
    refused = told.problems(form)
    for feature in features_used(told.device):
        if form.features.get(feature, "absent") == "absent":
            line = rf"\S+:\d+: r1: {feature} is not supported on platform {form.name};.*"
            if not any(re.fullmatch(line, problem) for problem in refused):
                yield f"{feature} is absent, and used without a word"
    said = {tuple(map(str, path)) for path in _leaves(saying.data)}
    for objection in told.objections():
        place = tuple(map(str, objection.path))
        if not any(words[: len(place)] == place for words in said):
            yield f"{'.'.join(place)}: is refused, and nothing is said there"
        if not any(problem.endswith(f": r1: {objection.message}") for problem in refused):
            yield f"{'.'.join(place)}: is refused, and the inventory is taken"


class _Told:
    """The device, and what becomes of its data where the form would render everything."""

    def __init__(self, form: PlatformForm, saying: Saying) -> None:
        self._form = form
        self._files = {
            "client.yaml": "id: acme\nsites: {hq: {}}\n",
            "hosts.yaml": yaml.safe_dump(
                {"r1": {"platform": form.name, "data": dict(saying.data)}}, sort_keys=False
            ),
        }
        free = replace(form, features=dict.fromkeys(FEATURES, "rendered"), objections=lambda _data, _ipv6: ())
        self._forms = {form.name: free}
        self._inventory = MemoryInventories({"acme": self._files}, self._forms).load("acme")
        self.device = wire(self._inventory)[0]
        self.used = {feature for feature, _ in all_uses(self.device)}
        files = {
            name: TemplateFile(f"templates/{form.name}/{name}", text)
            for name, text in saying.templates.items()
        }
        self._renderer = Renderer({form.name: files})

    def objections(self) -> list[Any]:
        """What the form says that it cannot do."""
        ipv6 = frozenset(name for name in self.device.interfaces if self.device.ipv6(name))
        return [*self._form.objections(self.device.device.data, ipv6)]

    def answered(self) -> set[tuple[str, ...]]:
        """The paths below ``data`` that the form leaves to the host or refuses."""
        answers = self._form.features
        uses = [path[3:] for feature, path in all_uses(self.device) if answers.get(feature) != "rendered"]
        return {tuple(map(str, path)) for path in (*uses, *(each.path for each in self.objections()))}

    def problems(self, form: PlatformForm) -> list[str]:
        """What is wrong with the inventory as the form is."""
        try:
            MemoryInventories({"acme": self._files}, {form.name: form}).load("acme")
        except InputError as error:
            return list(error.problems)
        return []

    def text(self, data: object) -> str | None:
        """The configuration, None where the data makes no sense."""
        try:
            device = self._inventory.devices[0].model_copy(update={"data": DeviceData.model_validate(data)})
            intent = resolve(replace(self._inventory, devices=(device,)), self._forms)
            return self._renderer.render(intent.devices[0])
        except (ValueError, KeyError, InputError):
            return None


def _leaves(node: object, path: Steps = ()) -> Iterator[Steps]:
    if isinstance(node, (Mapping, list)) and node:
        for step, value in node.items() if isinstance(node, Mapping) else enumerate(node):
            yield from _leaves(value, (*path, step))
    else:
        yield path


def _without(tree: Mapping[str, Any], path: Steps) -> Any:
    """The tree without a leaf, and without the list that it was alone in."""
    rest: Any = copy.deepcopy(tree)
    nodes = [rest]
    for step in path[:-1]:
        nodes.append(nodes[-1][step])
    del nodes[-1][path[-1]]
    if isinstance(nodes[-1], list) and not nodes[-1]:
        del nodes[-2][path[-2]]
    return rest
