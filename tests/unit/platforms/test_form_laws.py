"""The laws of netmgr.conformance: every form of ours keeps them, and each law sees a form that does not."""

import dataclasses
import re
from functools import cache
from pathlib import Path

import pytest

from netmgr.conformance import FORM_LAWS, Samples
from netmgr.platforms import FORMS
from netmgr.platforms.form import InterfaceNames, Objection, Range, ReadCommand, TimerLimits
from tests.unit.platforms.saying import saying

ROOT = Path(__file__).parents[2]
PLATFORMS = sorted(name for name, form in FORMS.items() if form.driver)
#: What devices of each platform show that nobody has configured.
FRESH = {
    "eos": "! device: sw1 (vEOS, EOS-4.30.1F)\n!\nhostname sw1\n!\nend\n",
    "frr": "frr version 8.4.4\nfrr defaults traditional\nhostname r1\nend\n",
    "ios": "Building configuration...\n\nCurrent configuration : 62 bytes\n!\nversion 16.9\nhostname r1\nend\n",
    "junos": "## Last commit: 2026-01-02 03:04:05 UTC by root\nversion 21.4R1;\nsystem {\n    host-name r1;\n}\n",
}


@cache
def samples(platform):
    """Golden files and real devices' configurations, with every secret that their readers find."""
    files = [*ROOT.glob(f"golden/{platform}/*.conf"), *ROOT.glob(f"data/configs/{platform}/*.cfg")]
    texts = {path.name: path.read_text(errors="surrogateescape") for path in sorted(files)}
    form = FORMS[platform]
    found = [form.adopt(form.canonical(text)).secrets.values() for text in texts.values()]
    secrets = {value for values in found for value in values if len(value) > 7}
    return Samples(texts, fresh=(FRESH[platform],), secrets=tuple(sorted(secrets)), saying=saying(platform))


@pytest.mark.parametrize("law", FORM_LAWS)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_our_forms_keep_the_law(platform, law):
    assert list(FORM_LAWS[law](FORMS[platform], samples(platform))) == []


def test_there_are_secrets_to_be_hidden():
    assert {platform: len(samples(platform).secrets) > 3 for platform in PLATFORMS} == dict.fromkeys(
        PLATFORMS, True
    )


FRR = FORMS["frr"]
TEXT = """\
hostname r1
interface eth1
 description first
 ip address 10.0.0.1/24
interface eth2
 ip address 10.1.0.1/24
router bgp 65001
 neighbor 10.0.0.2 remote-as 65002
 neighbor 10.0.0.2 password longsecret
ip prefix-list OURS seq 5 permit 10.0.0.0/8
"""
SAMPLE = Samples(
    {"a": TEXT, "b": TEXT.replace("first", "second")},
    fresh=("hostname r1\n",),
    secrets=("longsecret",),
    saying=saying("frr"),
)


BROKEN = {
    "shape": [
        ({"features": {**FRR.features, "teleport": "rendered"}}, "feature teleport is none of"),
        ({"ranges": {"speed": Range(1, 2)}}, "range speed is none of"),
        ({"ranges": {"mtu": Range(9000, 68)}}, "range mtu ends before it begins"),
        ({"ownable": frozenset({"mtu"})}, "feature mtu is ownable, and not rendered"),
    ],
    "timer": [
        ({"commit_control": "snapshot"}, "commit_confirm claims a timer, and the commit control snapshot arms none"),
        ({"commit_confirm": TimerLimits(60, 5)}, "commit_confirm ends before it begins"),
    ],
    "canonical_once": [({"canonical": lambda text: f"{text}!\n"}, "a: canonical twice is not canonical once: +!")],
    "canonical_lines": [
        ({"canonical": lambda text: text.rstrip("\n")}, "a: the last line does not end"),
        ({"canonical": lambda text: text}, "a: line ends as terminals have them make another configuration"),
    ],
    "keeps_configuration": [
        ({"canonical": lambda _: ""}, "a: nothing is left"),
        (
            {"canonical": lambda text: re.sub(r" description .*\n", "", text)},
            "b: reads as a does, which is another configuration",
        ),
    ],
    "emptiness": [
        ({"is_empty": lambda _: False}, "fresh 1: a fresh device counts as configured"),
        ({"is_empty": lambda _: True}, "a: counts as a fresh device's"),
    ],
    "redaction": [
        ({"redact": lambda text: text}, "a: a secret is left in line"),
        ({"redact": lambda text: "hidden\n"}, "a: redacting makes 1 lines of"),
    ],
    "secrets_are_there": [({"canonical": FRR.redact}, "secret 1 of the samples is in no canonical text")],
    "loadable": [
        ({"candidate": lambda _config, _shown: ""}, "b: there is nothing to load where a runs"),
        ({"startup": lambda _: "hostname r1\n"}, "a: booted with its startup text, a device would run something else"),
    ],
    "paths": [
        ({"paths": lambda text: FRR.paths(text)[1:]}, "a: 'interface eth1' is not as often in the paths as in"),
        ({"feature_of": lambda _: "teleport"}, "a: lines are of teleport, which is no feature"),
    ],
    "owned_sections": [
        (
            {"ownable": frozenset({"interfaces"}), "canonical": lambda text: text.replace("OURS", "YOURS", 1)},
            "a, interfaces as in b: another line changes: ip prefix-list",
        ),
    ],
    "links": [
        ({"sides": lambda _: {("bgp", "192.0.2.9"): frozenset()}}, "a: sides of what is not configured"),
    ],
    "interface_names": [
        ({"interface_names": (InterfaceNames("svi", r"Vlan\d+", "vlan10"),)}, "vlan10 is read as nothing, not svi"),
    ],
    "reads": [
        ({"reads": (ReadCommand("anything", r"(?s).*"),)}, "'configure' may be run to look"),
        ({"reads": (ReadCommand("show", r"show .*"),)}, "'show version; reload' may be run to look"),
        ({"reads": (ReadCommand("show", r"show[\s\w-]+"),)}, "'show version\\nreload' may be run to look"),
        ({"reads": ()}, "there is no command that may be run to look"),
    ],
    "terminators": [
        ({"terminators": frozenset({"interface eth9"})}, "'interface eth9' ends a section, and may stand in"),
    ],
    "change_marker": [
        ({"change_marker": r"^! changed at"}, "no configuration of the samples shows the change marker"),
        ({"change_marker": r"^ip prefix-list"}, "a: the change marker is in its canonical text"),
    ],
    "never_silent": [
        ({"features": {**FRR.features, "lag": "rendered"}}, "interfaces.eth3.lag: is left out"),
        ({"interface_names": (InterfaceNames("ethernet", r"port\d+", "port1"),)}, "whatever is rendered, the data is"),
        (
            {"objections": lambda _data, _ipv6: [Objection(("nowhere", 1), "no")]},
            "nowhere.1: is refused, and nothing is said there",
        ),
    ],
}  # fmt: skip
CASES = [(law, wrong, said) for law, cases in BROKEN.items() for wrong, said in cases]


def test_each_law_has_a_form_that_breaks_it():
    assert list(BROKEN) == list(FORM_LAWS)


@cache
def held(law):
    """What is wrong with FRR's form."""
    return list(FORM_LAWS[law](FRR, SAMPLE))


@pytest.mark.parametrize(
    ("law", "wrong", "said"), CASES, ids=[f"{law}-{n}" for n, (law, *_) in enumerate(CASES)]
)
def test_a_form_that_breaks_the_law_is_told_so(law, wrong, said):
    assert held(law) == []
    found = list(FORM_LAWS[law](dataclasses.replace(FRR, **wrong), SAMPLE))
    assert [each for each in found if each.startswith(said)], found


SAYING = SAMPLE.saying
UNSAID = {
    "nothing": (None, "the samples do not say what a device can be told"),
    "not every feature": (
        dataclasses.replace(SAYING, data={k: v for k, v in SAYING.data.items() if k != "static_routes"}),
        "static_routes is rendered, and the data has nothing of it",
    ),
    "a line missing in a template": (
        dataclasses.replace(
            SAYING,
            templates={
                name: text.replace("if interface.description is not none", "if false")
                for name, text in SAYING.templates.items()
            },
        ),
        "interfaces.eth1.description: is left out",
    ),
    "an excuse that is none": (
        dataclasses.replace(SAYING, otherwise={**SAYING.otherwise, "interfaces.eth1.description": "?"}),
        "interfaces.eth1.description: is said to change nothing, and does",
    ),
}


@pytest.mark.parametrize(("said", "wrong"), UNSAID.values(), ids=UNSAID)
def test_what_a_device_is_told_says_everything(said, wrong):
    found = list(FORM_LAWS["never_silent"](FRR, dataclasses.replace(SAMPLE, saying=said)))
    assert [each for each in found if each.startswith(wrong)], found
