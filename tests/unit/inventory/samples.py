"""A small client that is right, and platforms for tests."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from netmgr.intent.features import FEATURES, Support


@dataclass(frozen=True)
class SampleForm:
    features: Mapping[str, Support] = field(default_factory=lambda: dict.fromkeys(FEATURES, "rendered"))
    loopback: str | None = "lo"


FORMS = {
    "frr": SampleForm(),
    "poor": SampleForm(features={"interfaces": "rendered", "ntp": "host", "mtu": "host"}),
    "linux": SampleForm(features={"interfaces": "host"}, loopback=None),
}

GOOD = {
    "client.yaml": "id: acme\nsites: {hq: {}}\n",
    "hosts.yaml": (
        "r1: {data: {loopback: 10.255.0.1, bgp: {asn: 64500}}}\n"
        "r2: {data: {loopback: 10.255.0.2, bgp: {asn: 64501}}}\n"
    ),
    "defaults.yaml": "platform: frr\n",
    "topology.yaml": 'links:\n  - {endpoints: ["r1:eth1", "r2:eth1"], subnet: 10.0.0.0/31}\n',
}
