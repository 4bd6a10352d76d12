"""Larch's form keeps netmgr's laws."""

import pytest
from netmgr_larch.form import LARCH

from netmgr.conformance import FORM_LAWS, Samples

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
)


@pytest.mark.parametrize("law", FORM_LAWS)
def test_the_form_keeps_the_law(law):
    assert list(FORM_LAWS[law](LARCH, SAMPLES)) == []
