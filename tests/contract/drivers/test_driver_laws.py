"""Every driver that netmgr has a form for keeps the laws of netmgr.conformance."""

import pytest

from netmgr.conformance import DRIVER_LAWS
from netmgr.platforms import FORMS
from tests.contract.drivers.conftest import TEXTS


def test_every_platform_is_held_to_them():
    """FRR's on a real router, in tests/contract/fleet."""
    assert {*TEXTS, "frr"} == {name for name, form in FORMS.items() if form.driver}


@pytest.mark.parametrize("law", DRIVER_LAWS)
@pytest.mark.parametrize("bench", TEXTS, indirect=True)
def test_the_driver_keeps_the_law(bench, law):
    assert list(DRIVER_LAWS[law](bench)) == []
