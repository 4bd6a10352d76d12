"""Owned sections: the lines of the owned features become those intended, and no other line moves."""

from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netmgr.model.intended import Intended
from netmgr.platforms import FORMS
from netmgr.platforms.owned import in_part, missing_sections

ROOT = Path(__file__).parents[2]
PARTIAL = sorted(name for name, form in FORMS.items() if form.ownable)


def configurations(platform):
    """Canonical texts of the platform: golden files, and real devices' where there are any."""
    files = [*ROOT.glob(f"golden/{platform}/*.conf"), *ROOT.glob(f"data/configs/{platform}/*.cfg")]
    return [FORMS[platform].canonical(path.read_text()) for path in sorted(files)]


def target(platform, intended, owned):
    return Intended(
        device="r1", platform=platform, candidate=intended, config=intended, owned=frozenset(owned)
    )


def lines(form, config, owned, *, ours):
    """Lines that are owned, or the others; without those that only open a section for the other kind."""
    paths = form.paths(config)
    found = [path for path in paths if (form.feature_of(path) in owned) is ours]
    openers = {path[:depth] for path in paths for depth in range(1, len(path))}
    held = {path[:depth] for path in found if path not in openers for depth in range(1, len(path))}
    return [path for path in found if path not in openers or path in held]


def test_the_platforms_that_can_be_managed_in_part():
    assert PARTIAL
    for name in PARTIAL:
        assert len(configurations(name)) > 2, name


@pytest.mark.parametrize("platform", PARTIAL)
@settings(deadline=None)
@given(data=st.data())
def test_what_is_not_owned_never_changes(platform, data):
    form, texts = FORMS[platform], configurations(platform)
    running, intended = data.draw(st.sampled_from(list(permutations(texts, 2))))
    owned = data.draw(st.sets(st.sampled_from(sorted(form.ownable)), min_size=1))
    result = in_part(target(platform, intended, owned), running, form)
    assert result.config == form.canonical(result.config)
    assert lines(form, result.config, owned, ours=False) == lines(form, running, owned, ours=False)
    assert lines(form, result.config, owned, ours=True) == lines(form, intended, owned, ours=True)
    assert in_part(result, result.config, form).config == result.config


@pytest.mark.parametrize("platform", PARTIAL)
def test_each_ownable_feature_has_lines_somewhere(platform):
    form = FORMS[platform]
    seen = {form.feature_of(path) for text in configurations(platform) for path in form.paths(text)}
    assert form.ownable - seen == set()
    assert seen - form.ownable <= {None}


RUNNING = """\
log syslog informational
interface eth1
 description as it was
 ip ospf cost 10
interface eth2
 ip address 10.9.0.1/24
 ip ospf cost 20
router bgp 65001
 neighbor 10.0.0.1 remote-as 65002
ip prefix-list OLD seq 5 permit any
"""
INTENDED = """\
interface eth1
 description as it shall be
 ip address 10.0.0.1/24
 ip address 10.0.0.0/24
 ip ospf cost 11
ip prefix-list NEW seq 5 permit any
"""


@pytest.mark.parametrize(
    ("owned", "removed", "added"),
    [
        ({"prefix_lists"}, {"ip prefix-list OLD seq 5 permit any"}, {"ip prefix-list NEW seq 5 permit any"}),
        ({"ospf"}, {" ip ospf cost 10", " ip ospf cost 20"}, {" ip ospf cost 11"}),
        (
            {"interfaces"},
            {" description as it was", " ip address 10.9.0.1/24"},
            {" description as it shall be", " ip address 10.0.0.1/24", " ip address 10.0.0.0/24"},
        ),
        ({"syslog_level"}, {"log syslog informational"}, set()),
    ],
)
def test_frr_in_part(owned, removed, added):
    form = FORMS["frr"]
    running = form.canonical(RUNNING)
    result = in_part(target("frr", form.canonical(INTENDED), owned), running, form)
    before, after = set(running.splitlines()), set(result.config.splitlines())
    assert (before - after, after - before) == (removed, added)


def test_addresses_are_sent_in_the_order_in_which_they_were_written():
    form = FORMS["frr"]
    meant = target("frr", form.canonical(INTENDED), {"interfaces"}).model_copy(update={"candidate": INTENDED})
    sent = in_part(meant, form.canonical(RUNNING), form).candidate
    assert sent.index("ip address 10.0.0.1/24") < sent.index("ip address 10.0.0.0/24")


def test_a_section_that_is_missing_and_not_owned_is_named():
    form = FORMS["frr"]
    running = form.canonical("interface eth2\n description other\n")
    meant = target("frr", form.canonical(INTENDED), {"ospf"})
    assert missing_sections(in_part(meant, running, form), running, form) == (("interface eth1",),)
    owning = meant.model_copy(update={"owned": frozenset({"ospf", "interfaces"})})
    assert missing_sections(in_part(owning, running, form), running, form) == ()


def test_a_device_that_is_managed_as_a_whole_is_left_alone():
    whole = Intended(device="r1", platform="frr", candidate="x", config="x")
    assert in_part(whole, RUNNING, FORMS["frr"]) is whole
    assert missing_sections(whole, RUNNING, FORMS["frr"]) == ()
