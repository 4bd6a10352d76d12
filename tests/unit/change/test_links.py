"""Which links change at both ends: from inventories before and after."""

from pathlib import Path

import pytest

from netmgr.adapters.template_source import TemplateDirectory
from netmgr.change.links import changed_ends, changed_links
from netmgr.intent.render import Renderer
from netmgr.platforms import FORMS
from tests.unit.intent.resolving import intent_of

HOSTS = """
r1: {data: {loopback: 10.255.0.1, bgp: {asn: 64501, ebgp_requires_policy: false}}}
r2: {data: {loopback: 10.255.0.2, bgp: {asn: 64502, ebgp_requires_policy: false}}}
r3: {data: {loopback: 10.255.0.3, bgp: {asn: 64503, ebgp_requires_policy: false}}}
"""
LINKS = """
  - {endpoints: ["r1:eth1", "r2:eth1"], subnet: 10.0.0.0/31, ospf: {area: 0, cost: 10}, bgp: true}
  - {endpoints: ["r2:eth2", "r3:eth1"], subnet: [10.0.0.2/31, "2001:db8::/127"], ospf: {area: 0}, bgp: true}
"""


ROOT = Path(__file__).parents[3]
SOURCES = TemplateDirectory(ROOT).sources("acme", frozenset({"frr"}))


def configs(intent):
    """What each device shall run."""
    renderer = Renderer(SOURCES)
    return {device.name: FORMS["frr"].canonical(renderer.render(device)) for device in intent.devices}


def change(old, new):
    """The intent after an edit, and the ends of links that it changes on each device."""
    assert (HOSTS + LINKS).count(old) == 1
    before = configs(intent_of(HOSTS, LINKS))
    intent = intent_of(HOSTS.replace(old, new), LINKS.replace(old, new))
    data = FORMS["frr"].link_data
    changes = {
        name: changed_ends(data(before[name]), data(config))
        for name, config in configs(intent).items()
        if config != before[name]
    }
    return intent, changes


CASES = {
    "an AS number": ("asn: 64502", "asn: 64512", [("r1", "r2"), ("r2", "r3")]),
    "an AS number at the end": ("asn: 64501", "asn: 64511", [("r1", "r2")]),
    "a subnet": ("10.0.0.0/31", "10.0.0.4/31", [("r1", "r2")]),
    "a second family's subnet": ('"2001:db8::/127"', '"2001:db8:1::/127"', [("r2", "r3")]),
    "an area": ("area: 0}, bgp", "area: 1}, bgp", [("r2", "r3")]),
    "a cost": ("cost: 10", "cost: 20", [("r1", "r2")]),
    "a link's description": ("cost: 10}", "cost: 10}, description: dark fibre", [("r1", "r2")]),
    "a session less": ("cost: 10}, bgp: true", "cost: 10}", [("r1", "r2")]),
    "a loopback": ("loopback: 10.255.0.2", "loopback: 10.254.0.2", []),
    "a static route on both": (
        "r3: {data: {",
        "r3: {data: {static_routes: [{prefix: 192.0.2.0/24, discard: true}], ",
        [],
    ),
    "one interface's description": (
        "r2: {data: {",
        "r2: {data: {interfaces: {eth1: {description: here}}, ",
        [],
    ),
}


@pytest.mark.parametrize(("old", "new", "links"), CASES.values(), ids=CASES)
def test_links_whose_data_changes_at_both_ends(old, new, links):
    intent, changes = change(old, new)
    assert list(changed_links(intent, changes)) == links
