"""Larch's form keeps netmgr's laws."""

from pathlib import Path

import netmgr_larch
import pytest
from netmgr_larch.form import LARCH

from netmgr.conformance import FORM_LAWS, Samples, Saying

#: Everything that a Larch takes, and some of what it does not: that is refused.
SAYING = Saying(
    data={
        "system": {
            "hostname": "office",
            "dns": ["192.0.2.53"],
            "ntp": [{"address": "192.0.2.123", "prefer": True}],
            "snmp": {"community": "secret://env/snmp", "location": "cellar"},
            "timezone": "Europe/Vienna",
        },
        "interfaces": {
            "port1": {
                "description": "printers",
                "mtu": 9000,
                "ipv4": "10.0.0.1/24",
                "ipv6": "2001:db8::1/64",
            },
            "port2": {"enabled": False, "mode": "access"},
        },
        "static_routes": [
            {"prefix": "0.0.0.0/0", "next_hop": "10.0.0.254"},
            {"prefix": "192.0.2.0/24", "discard": True, "preference": 7},
        ],
        "vlans": {10: {"name": "office"}},
    },
    templates={
        path.name: path.read_text()
        for path in (Path(netmgr_larch.__file__).parent / "templates").glob("*.j2")
    },
)
SAMPLES = Samples(
    configurations={
        "office": """\
# larch 2.1, up 120 s
hostname office
interface port2
  mtu 1500
  description printers
interface port10
  address 10.0.0.1/24
  address 2001:db8::1/64
  mtu 9000
interface port1
  shutdown
  mtu 1500
route 0.0.0.0/0 via 10.0.0.254
ntp 192.0.2.123
dns 192.0.2.53
snmp community Xk29-read
""",
        "cabinet": "# larch 2.1, up 9 s\nsnmp community Xk29-read\nhostname cabinet\n",
    },
    fresh=("# larch 2.1, up 1 s\nhostname sw1\n",),
    secrets=("Xk29-read",),
    saying=SAYING,
)


@pytest.mark.parametrize("law", FORM_LAWS)
def test_the_form_keeps_the_law(law):
    assert list(FORM_LAWS[law](LARCH, SAMPLES)) == []
