"""What a template may do: read the intent's values, and nothing that leads out of them."""

import pytest

from netmgr.errors import RenderError
from netmgr.intent.render import Renderer
from netmgr.model.intent import DeviceIntent, InterfaceIntent
from netmgr.model.template import TemplateFile

DEVICE = DeviceIntent(
    name="r1", platform="frr", lifecycle="active", interfaces=(InterfaceIntent(name="eth1", description="a"),)
)


def render(text):
    return Renderer({"frr": {"main.j2": TemplateFile("templates/frr/main.j2", text)}}).render(DEVICE)


def test_values_are_read():
    assert render("{{ device.name }} {{ device.interfaces[0].description }}") == "r1 a"


HOSTILE = {
    "a class": "{{ device.__class__ }}",
    "a class of a part": "{{ device.interfaces[0].__class__.__mro__ }}",
    "what is private": "{{ device.interfaces[0]._abc_impl }}",
    "a function's globals": "{{ device.model_copy.__func__.__globals__ }}",
    "a frame": "{{ (device.interfaces|map('upper')).gi_frame }}",
    "a text's format": "{{ '{0.__class__}'.format(device) }}",
    "what is not there": "{{ device.intrefaces }}",
    "what is not there, by its key": "{{ device['__dict__'] }}",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_nothing_else_is(text):
    with pytest.raises(RenderError, match=r"^templates/frr/main\.j2:1: "):
        render(text)
