"""No document is half in English: each text that is looked up has its translation, and no translation is left over."""

import ast
from collections import defaultdict
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from netmgr.document.locale import LOCALES

ROOT = Path(__file__).parents[2]
TEXTS = ROOT / "netmgr/document/texts"
#: Packages share what documents themselves say.
SHARED = "document"


def texts_in(tree):
    """Every text that is looked up, as gettext knows it: one, or a pair (one, many)."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        match node.func:
            case ast.Name(id="msgid"):
                count = 1
            case ast.Attribute(attr="text" | "plural" as method, value=owner) if speaks(owner):
                count = 1 if method == "text" else 2
            case _:
                continue
        found = [argument.value for argument in node.args[:count] if isinstance(argument, ast.Constant)]
        if found:
            yield found[0] if count == 1 else tuple(found)


def speaks(owner):
    """Words are called ``words``, or are themselves in locale.py."""
    name = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
    return name in ("words", "_words", "self")


def templates_in(text):
    """In templates too: ``words.text("…")``, written on one line."""
    from jinja2 import Environment, nodes

    for call in Environment(autoescape=True).parse(text).find_all(nodes.Call):
        node = call.node
        if (
            isinstance(node, nodes.Getattr)
            and isinstance(node.node, nodes.Name)
            and node.node.name == "words"
        ):
            if node.attr == "text":
                yield call.args[0].value
            elif node.attr == "plural":
                yield call.args[0].value, call.args[1].value


@pytest.fixture(scope="module")
def used():
    """Package of netmgr → the texts that it looks up."""
    found = defaultdict(set)
    for path in sorted((ROOT / "netmgr").rglob("*.py")):
        text = path.read_text()
        if "words" in text or "msgid" in text:
            package = path.relative_to(ROOT / "netmgr").parts[0]
            found[package] |= set(texts_in(ast.parse(text)))
    for path in sorted((ROOT / "netmgr").glob("*/templates/*.j2")):
        found[path.parts[-3]] |= set(templates_in(path.read_text()))
    return {package: texts for package, texts in found.items() if texts}


def translated(path):
    with path.open("rb") as file:
        return {message.id: message for message in read_po(file) if message.id}


CATALOGUES = [pytest.param(locale, id=locale) for locale in LOCALES if locale != "en"]


@pytest.mark.parametrize("locale", CATALOGUES)
def test_each_package_has_its_texts_in_every_locale_and_no_others(used, locale):
    shared = used[SHARED]
    own = {package: texts if package == SHARED else texts - shared for package, texts in used.items()}
    kept = {path.stem: set(translated(path)) for path in (TEXTS / locale).iterdir()}
    assert kept == {package: texts for package, texts in own.items() if texts}


@pytest.mark.parametrize("locale", CATALOGUES)
def test_each_is_translated_whole(locale):
    """Nothing is empty, unsure (fuzzy) or left in English, and what is filled in is the same."""
    seen = {}
    for path in sorted((TEXTS / locale).iterdir()):
        for key, message in translated(path).items():
            forms = message.string if isinstance(message.string, tuple) else (message.string,)
            assert all(forms), f"{path.name}: {key}"
            assert not message.fuzzy, f"{path.name}: {key}"
            many = key if isinstance(key, str) else key[1]
            for form in forms:
                assert names(form) == names(many), f"{path.name}: {key}"
                assert not any(c.isascii() and c.isalpha() for c in literal(form)) or form in SAME, form
            assert seen.setdefault(key, forms) == forms, f"{key} has two translations"


#: Words that Chinese writes as English does.
SAME: set[str] = set()


def names(text):
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def literal(text):
    return "".join(part for part, *_ in Formatter().parse(text))
