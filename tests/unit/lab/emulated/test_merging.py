"""What a merge of owned sections tells comes to what was planned, with emulated devices as judges: their parsers share
no code with the platforms. IOS refuses interfaces in VRFs that nobody owns and that are not there; nothing else is.
"""

import re
from functools import cache
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netmgr.lab.emulated.eos.dialect import EOS
from netmgr.lab.emulated.ios.configuration import Configuration as IosConfiguration
from netmgr.lab.emulated.ios.editor import Editor
from netmgr.lab.emulated.ios.engine import load
from netmgr.lab.emulated.ios.parameters import is_physical
from netmgr.lab.emulated.junos.configuration import Configuration as JunosConfiguration
from netmgr.lab.emulated.junos.hierarchy import hierarchy
from netmgr.lab.emulated.store import Refused, Store
from netmgr.platforms import FORMS
from netmgr.platforms.owned import in_part
from tests.unit.lab.emulated.test_eos_store import flat
from tests.unit.platforms.test_owned import configurations, target

HASHES = {"ios": f"9 $9$nhEmQVczB7dqsO${'X' * 43}", "eos": f"sha512 $6$saltsaltsalt${'X' * 86}"}
#: A port that routes has no settings of a port that switches: who owns the ones owns the others. On IOS members are
#: what their aggregate is, and none without it.
TOGETHER = {"eos": ("interfaces", "switchport"), "ios": ("interfaces", "switchport", "lag"), "junos": ()}


class Eos:
    """A session that begins with what runs."""

    def __init__(self, text, _other):
        self.store = Store(EOS, flat(text))

    def text(self):
        return self.store.text()

    def merge(self, script):
        try:
            self.store.merge(flat(script))
        except Refused as error:
            return str(error)
        return None


class Ios:
    """The running configuration, on hardware that has the ports of both."""

    def __init__(self, text, other):
        names = re.findall(r"^interface ([^.\n]+)", text + other, re.MULTILINE)
        self.configuration = IosConfiguration(tuple(sorted({name for name in names if is_physical(name)})))
        assert load(self.configuration, FORMS["ios"].candidate(text, "")) == []

    def text(self):
        return self.configuration.text()

    def merge(self, script):
        refused = Editor(self.configuration).type_all(script)
        return str(refused[0]) if refused else None


class Junos:
    """The candidate."""

    def __init__(self, text, _other):
        self.configuration = JunosConfiguration.empty(hierarchy("21.4R3-S7.6"))
        self.problems = self.configuration.load_set(text)

    def text(self):
        return self.configuration.text()

    def merge(self, script):
        problems = self.configuration.load_set(script)
        return str(problems[0]) if problems else None


NO_VRF = re.compile(r"% VRF \S+ not configured")
JUDGES = {"eos": Eos, "ios": Ios, "junos": Junos}


@cache
def texts(platform):
    """Passwords have their type beside them, as the device shows them."""
    found = configurations(platform)
    if platform in HASHES:
        found = [re.sub(r"(?<= secret )secret://env/\w+", HASHES[platform], text) for text in found]
        found = [text.replace("secret://env/", "word-of-") for text in found]
    return [FORMS[platform].canonical(text) for text in found]


def merged(platform, running, intended, owned):
    """(what was planned, what the device runs, what it refused)."""
    form, device = FORMS[platform], JUDGES[platform](running, intended)
    before = form.canonical(device.text())
    planned = in_part(target(platform, intended, owned), before, form).config
    refused = device.merge(form.remediation(before, planned).script)
    return planned, form.canonical(device.text()), refused


@pytest.mark.parametrize("platform", JUDGES)
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_a_merge_comes_to_what_was_planned(platform, data):
    running, intended = data.draw(st.sampled_from(list(permutations(texts(platform), 2))))
    owned = data.draw(st.sets(st.sampled_from(sorted(FORMS[platform].ownable)), min_size=1))
    owned |= set(TOGETHER[platform]) if owned & set(TOGETHER[platform]) else set()
    planned, found, refused = merged(platform, running, intended, owned)
    assert found == planned or (refused and NO_VRF.search(refused)), refused


SIX = {
    "eos": "interface Ethernet1\n   no switchport\n{}",
    "ios": "interface GigabitEthernet1\n{}",
}


@pytest.mark.parametrize("platform", SIX)
def test_an_ipv6_address_before_one_that_is_there(platform):
    """None of them is the first one: where a device shows them as they came, their order says nothing."""
    indent = "   " if platform == "eos" else " "
    both = [f"{indent}ipv6 address 2001:DB8:0:{net}::{host}/64\n" for net, host in ((0, 9), (0, 1), (2, 1))]
    running, intended = (FORMS[platform].canonical(SIX[platform].format(lines)) for lines in (
        both[0] + both[2], "".join(reversed(both))
    ))  # fmt: skip
    planned, found, refused = merged(platform, running, intended, {"interfaces", "switchport"})
    assert (found, refused) == (planned, None)
    assert FORMS[platform].canonical(SIX[platform].format("".join(both))) == intended


ADDRESSED = {
    "eos": "vrf instance red\ninterface Ethernet1\n   no switchport\n{vrf}   ip address 10.0.0.1/24\n",
    "ios": "vrf definition red\n address-family ipv4\n exit-address-family\ninterface GigabitEthernet1\n"
    "{vrf} ip address 10.0.0.1 255.255.255.0\n",
}
IN_VRF = {"eos": "   vrf red\n", "ios": " vrf forwarding red\n"}


@pytest.mark.parametrize("platform", ADDRESSED)
def test_an_address_that_its_vrf_takes_along_is_told_again(platform):
    """Both take an interface's addresses away when its VRF comes or goes."""
    form, text = FORMS[platform], ADDRESSED[platform]
    texts = [form.canonical(text.format(vrf=vrf)) for vrf in ("", IN_VRF[platform])]
    for running, intended in permutations(texts):
        planned, found, refused = merged(platform, running, intended, {"interfaces"})
        assert (found, refused) == (planned, None)
        assert planned != form.canonical(running)
        assert "10.0.0.1" in planned
