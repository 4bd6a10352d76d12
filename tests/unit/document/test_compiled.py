"""Templates are compiled once for each text."""

import pytest
from jinja2 import DictLoader, Environment, TemplateSyntaxError

from netmgr.document.compiled import CompiledTemplates


@pytest.fixture
def rendered(monkeypatch):
    """What a new environment makes of a template's text; ``compiled`` are the texts that it compiled."""
    cache = CompiledTemplates()

    class Environments(Environment):
        def _parse(self, source, name, filename):
            render.compiled.append(source)
            return super()._parse(source, name, filename)

    def render(text, name="page", **values):
        environment = Environments(loader=DictLoader({name: text}), bytecode_cache=cache)
        environment.globals["shown"] = values.pop("shown", str)
        return environment.get_template(name).render(values)

    render.compiled = []
    return render


def test_the_same_text_is_compiled_once_and_has_each_environment_s_own_functions(rendered):
    assert rendered("{{ shown(x) }}", x=1) == "1"
    assert rendered("{{ shown(x) }}", x=2, shown=hex) == "0x2"
    assert rendered.compiled == ["{{ shown(x) }}"]


def test_another_text_of_the_same_name_is_another_template(rendered):
    assert rendered("a {{ x }}", x=1) == "a 1"
    assert rendered("b {{ x }}", x=1) == "b 1"
    assert rendered("a {{ x }}", x=2) == "a 2"
    assert len(rendered.compiled) == 3


def test_the_same_text_has_its_own_name(rendered):
    assert rendered("{{ self._TemplateReference__context.name }}", "one") == "one"
    assert rendered("{{ self._TemplateReference__context.name }}", "two") == "two"


def test_a_mistake_is_found_each_time(rendered):
    for _ in range(2):
        with pytest.raises(TemplateSyntaxError) as refused:
            rendered("\n{{ x")
        assert refused.value.lineno == 2
