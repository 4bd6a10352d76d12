"""Device data and the EOS configuration that it becomes: tests/golden/eos/<feature>.yaml and .conf."""

from pathlib import Path

import pytest

from netmgr.adapters.inventory_memory import MemoryInventories
from netmgr.adapters.template_source import TemplateDirectory
from netmgr.errors import InputError
from netmgr.intent.features import FEATURES
from netmgr.intent.render import Renderer
from netmgr.intent.resolve import resolve
from netmgr.platforms import FORMS

ROOT = Path(__file__).parents[4]
GOLDEN = ROOT / "tests" / "golden" / "eos"
CASES = sorted(path.stem for path in GOLDEN.glob("*.yaml"))


def intended(hosts):
    files = {"client.yaml": "id: golden\n", "defaults.yaml": "platform: eos\n", "hosts.yaml": hosts}
    return resolve(MemoryInventories({"golden": files}, FORMS).load("golden"), FORMS)


def rendered(hosts):
    sources = TemplateDirectory(ROOT).sources("golden", frozenset({"eos"}))
    return Renderer(sources).render(intended(hosts).devices[0])


@pytest.mark.parametrize("case", CASES)
def test_data_becomes_this_configuration(case):
    assert rendered((GOLDEN / f"{case}.yaml").read_text()) == (GOLDEN / f"{case}.conf").read_text()


@pytest.mark.parametrize("case", [case for case in CASES if case != "extra-config"])
def test_it_is_written_as_the_device_will_show_it(case):
    text = (GOLDEN / f"{case}.conf").read_text()
    assert FORMS["eos"].canonical(text) == text


def test_verbatim_lines_come_into_their_sections():
    found = FORMS["eos"].canonical((GOLDEN / "extra-config.conf").read_text())
    assert (
        "   address-family ipv4\n      neighbor 10.0.0.1 activate\n      neighbor 10.0.0.1 additional-paths"
        in found
    )
    assert "ip routing" not in found
    assert found.count("interface Ethernet1\n") == 1


def test_every_case_is_there():
    assert {path.stem for path in GOLDEN.iterdir()} == {*CASES}
    assert len(CASES) == 12


def test_every_feature_has_an_answer():
    assert {*FORMS["eos"].features} == {*FEATURES}


#: What EOS cannot say → the line at which it is refused.
ABSENT = {
    "snmp_users": ("system: {snmp: {users: {ops: {auth_password: secret://env/a}}}}", 3),
    "vrf_families": ("vrfs: {red: {families: [ipv4]}}", 3),
    "bgp_local_as": (
        "loopback: 10.0.0.1\n    bgp: {asn: 1, ebgp_requires_policy: false,"
        " neighbors: {10.0.0.2: {peer_as: 2, local_as: 3}}}",
        4,
    ),
    "inline_prefixes": ("route_maps: {a: [{action: permit, match: {prefixes: [{prefix: 10.0.0.0/8}]}}]}", 3),
}  # fmt: skip


@pytest.mark.parametrize("feature", ABSENT)
def test_what_eos_cannot_say_is_an_error(feature):
    data, line = ABSENT[feature]
    with pytest.raises(
        InputError, match=rf"hosts\.yaml:{line}: r1: {feature} is not supported on platform eos"
    ):
        intended(f"r1:\n  data:\n    {data}\n")


#: What EOS cannot do of a feature that it has → the line at which it is refused, and the beginning of what is said.
OBJECTIONS = {
    "connect_retry": ("bgp: {asn: 1, connect_retry: 5}", 4, "eos decides itself"),
    "of a neighbor": ("bgp: {asn: 1, neighbors: {10.0.0.2: {peer_as: 2, connect_retry: 5}}}", 4, "eos decides itself"),
    "maximum_paths_ibgp": ("bgp: {asn: 1, maximum_paths_ibgp: 2}", 4, "maximum_paths is for"),
    "families": (
        "bgp: {asn: 1, neighbors: {10.0.0.2: {peer_as: 1, afi_safis: {ipv4_unicast: {weight: 1}, ipv6_unicast: {}}}}}",
        4,
        "weight is one for all families",
    ),
    "peer groups of a VRF": ("vrfs: {red: {bgp: {peer_groups: {a: {peer_as: 2}}}}}", 4, "peer groups are the device's"),
    "OSPFv3": (
        "interfaces: {Ethernet1: {ipv6: \"2001:db8::1/64\"}}\n"
        "    ospf: {authentication: {key: secret://env/a}, areas: {0: {interfaces: {Ethernet1: {}}}}}",
        5,
        "eos signs OSPFv3",
    ),
    "NTP keys": (
        "system: {ntp_keys: {1: {key: secret://env/a, algorithm: sha256}}}", 4, "eos signs with md5 or sha1"
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", OBJECTIONS)
def test_what_eos_cannot_do_of_a_feature_is_an_error(case):
    data, line, said = OBJECTIONS[case]
    with pytest.raises(InputError, match=rf"hosts\.yaml:{line}: r1: .*{said}"):
        intended(f"r1:\n  data:\n    loopback: 10.0.0.1\n    {data}\n")
