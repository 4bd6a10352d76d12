"""What looks like a template in a device's texts: each platform's templates write it as it is."""

import json
from pathlib import Path

import pytest

from netmgr.adapters.inventory_memory import MemoryInventories
from netmgr.adapters.template_source import TemplateDirectory
from netmgr.model.selection import Selection
from netmgr.platforms import FORMS
from netmgr.workflows.render import rendered
from tests.unit.inventory.planted import FIELDS, TOUCH, at

ROOT = Path(__file__).parents[3]
T = TOUCH
PEER = {"peer_as": 64501, "description": T}
GROUPED = {
    "peer_groups": {"far": {"description": T}},
    "neighbors": {"192.0.2.9": {**PEER, "peer_group": "far"}},
}
SYSTEM = {
    "snmp": {"location": T, "contact": T},
    "banner": T,
    "motd": T,
}
KEYED = {**SYSTEM, "users": {"ops": {"ssh_key": f"ssh-ed25519 AAAA {T}", "role": "admin"}}}
VRF = {
    "description": T,
    "route_distinguisher": "64500:1",
    "bgp": {"router_id": "192.0.2.1", "neighbors": {"198.51.100.9": PEER}},
}
STATED = {
    "route_maps": {"out": [{"action": "permit", "sequence": 10, "description": T}]},
    "acls": {"in": {"type": "ipv4", "entries": [{"action": "accept", "protocol": "tcp", "description": T}]}},
}
BGP = {"asn": 64500, "router_id": "192.0.2.1", "ebgp_requires_policy": False}

#: Platform → device data with the text wherever the platform can have it.
DATA = {
    "frr": {"interfaces": {"eth1": {"description": T}}, "bgp": {**BGP, **GROUPED}},
    "eos": {
        "system": KEYED,
        "interfaces": {"Ethernet1": {"description": T}},
        "bgp": {**BGP, **GROUPED},
        **STATED,
        "vrfs": {"red": VRF},
        "extra_config": [
            f"alias x {T}",
            {"section": f"event-handler {T}", "lines": f"action bash {T}"},
            {"section": ["management xmpp", f"switch-group {T}"], "lines": [f"server {T}"]},
        ],
    },
    "ios": {
        "system": SYSTEM,
        "interfaces": {
            "GigabitEthernet0/1": {"description": T},
            "GigabitEthernet0/2": {"dhcp": {"vendor_class": T}},
        },
        "bgp": {**BGP, **GROUPED},
        **STATED,
        "vrfs": {"red": VRF},
    },
    "junos": {
        "system": KEYED,
        "interfaces": {"ge-0/0/0": {"description": T}, "ge-0/0/1": {"dhcp": {"vendor_class": T}}},
        "bgp": {**BGP, **GROUPED},
        "vrfs": {"red": {**VRF, "bgp": {**VRF["bgp"], **GROUPED}}},
        "extra_config": f"set system x {T}",
    },
}


@pytest.mark.parametrize("platform", DATA)
def test_it_is_written_as_it_is(platform, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    hosts = json.dumps({"r1": {"platform": platform, "data": DATA[platform]}}, indent=1)
    inventories = MemoryInventories({"acme": {"client.yaml": "id: acme\n", "hosts.yaml": hosts}}, FORMS)
    text = rendered(inventories, TemplateDirectory(ROOT), FORMS, "acme", Selection(), overlay=None)["r1"]
    assert text.count(T) == json.dumps(DATA[platform]).count(T)
    assert list(tmp_path.iterdir()) == []


def test_every_text_of_device_data_is_written_by_some_platform():
    wanted = {field.split(" ")[1] for field in FIELDS if field.startswith("defaults.yaml data.")}
    texts = {
        path: [text for data in DATA.values() for text in at({"data": data}, path.split("."))]
        for path in wanted
    }
    assert {
        path for path, found in texts.items() if any(T in text for text in found if isinstance(text, str))
    } == wanted
