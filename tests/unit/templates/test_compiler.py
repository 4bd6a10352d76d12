"""Our compiler of templates gives what Jinja's own gives, and asks for as much where it must ask."""

from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from netmgr.adapters.inventory_yaml import YamlInventories
from netmgr.adapters.template_source import TemplateDirectory
from netmgr.errors import RenderError
from netmgr.intent.render import Renderer, _Sandbox
from netmgr.intent.resolve import resolve
from netmgr.model.intent import DeviceIntent
from netmgr.model.template import TemplateFile
from netmgr.platforms import FORMS

ROOT = Path(__file__).parents[3]
SOURCES = TemplateDirectory(ROOT).sources(
    "acme", frozenset(name for name, form in FORMS.items() if form.driver)
)


def devices(client):
    return resolve(YamlInventories(ROOT, FORMS).load(client), FORMS).devices


@pytest.mark.parametrize("client", ["acme", "abilene", "northwind"])
def test_every_configuration_is_what_jinja_makes_of_it(client):
    stock = {
        platform: ImmutableSandboxedEnvironment(
            loader=DictLoader({name: file.text for name, file in sources.items()}),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        for platform, sources in SOURCES.items()
    }
    ours = Renderer(SOURCES)
    found = {device.name: ours.render(device) for device in devices(client)}
    assert found == {
        device.name: stock[device.platform].get_template("main.j2").render(device=device)
        for device in devices(client)
    }
    assert len(found) >= 7


def renderer(text, **others):
    files = {"main.j2": text, **others}
    sources = {
        "frr": {name: TemplateFile(path=f"templates/frr/{name}", text=body) for name, body in files.items()}
    }
    return Renderer(sources)


DEVICE = DeviceIntent(name="r1", platform="frr", lifecycle="active")


def rendered(text, **others):
    return renderer(text, **others).render(DEVICE)


CASES = [
    ("{{ device.name }}{{ device.bgp is none }}{{ device.bgp is not none }}", "r1TrueFalse"),
    ("{% if device.bgp is none and device.name is defined %}a{% else %}b{% endif %}", "a"),
    ("{% for x in (1, none) %}{{ x is none }}{{ loop.last }}{% endfor %}", "FalseFalseTrueTrue"),
    ('{% set x = namespace(n=1) %}{% set x.n = x.n + 1 %}{{ x.n }}{{ {"k": {"k": 3}}.k.k }}', "23"),
    ("a{% block one %}b{% block two %}c{% endblock %}d{% endblock %}e", "abcde"),
    ("{% macro m(d) %}{{ d.name }}{% endmacro %}{{ m(device) }}{% include 'other.j2' %}", "r1<r1>"),
    ("{% extends 'base.j2' %}ignored{% block b %}{{ super() }}!{% endblock %}", "(base!)"),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text for text, _ in CASES])
def test_what_templates_say_is_understood(text, expected):
    others = {"other.j2": "<{{ device.name }}>", "base.j2": "({% block b %}base{% endblock %})"}
    assert rendered(text, **others) == expected


REFUSED = [
    ("\n{{ device.nam }}", "templates/frr/main.j2:2: 'DeviceIntent' object has no attribute 'nam'"),
    ("{{ device.bgp.asn }}", "templates/frr/main.j2:1: 'None' has no attribute 'asn'"),
    ("{{ nothing.name }}", "templates/frr/main.j2:1: 'nothing' is undefined"),
    ("\n\n{% include 'other.j2' %}", "templates/frr/other.j2:2: 'nothing' is undefined"),
    (
        "{{ device.__class__ }}",
        "templates/frr/main.j2:1: access to attribute '__class__' of 'DeviceIntent' object is unsafe.",
    ),
    (
        "{{ device.name.__class__.mro() }}",
        "templates/frr/main.j2:1: access to attribute '__class__' of 'str' object is unsafe.",
    ),
    (
        "{{ '{0.__class__}'.format(device) }}",
        "templates/frr/main.j2:1: access to attribute '__class__' of 'DeviceIntent' object is unsafe.",
    ),
]


@pytest.mark.parametrize(("text", "message"), REFUSED, ids=[text for text, _ in REFUSED])
def test_what_must_be_asked_is_asked(text, message):
    with pytest.raises(RenderError) as raised:
        rendered(text, **{"other.j2": "\n{{ nothing.name }}"})
    assert str(raised.value) == f"{message} (rendering r1)"


def test_only_what_is_not_of_the_intent_is_asked_for(monkeypatch):
    asked = []
    monkeypatch.setattr(_Sandbox, "getattr", lambda _, obj, name: asked.append(name) or getattr(obj, name))
    assert rendered("{{ device.name }}{{ device.bgp is none }}{{ device.name.upper() }}") == "r1TrueR1"
    assert asked == ["upper"]


def test_a_template_and_a_block_give_their_text_in_one_piece():
    template = _Sandbox().from_string("a{{ x }}{% block b %}c{{ x }}{% endblock %}d")
    context = template.new_context({"x": 1})
    assert list(template.root_render_func(context)) == ["a1c1d"]
    assert list(template.blocks["b"](context)) == ["c1"]


def test_a_template_is_looked_up_once(monkeypatch):
    looked, original = [], Environment.get_template

    def look(environment, name, *more):
        looked.append(name)
        return original(environment, name, *more)

    monkeypatch.setattr(Environment, "get_template", look)
    ours = renderer("{{ device.name }}{% include 'other.j2' %}", **{"other.j2": "!"})
    assert [ours.render(DEVICE), ours.render(DEVICE)] == ["r1!", "r1!"]
    assert looked == ["main.j2", "other.j2"]
