"""A lab of several kinds of devices, as far as it decides before anything boots."""

import pytest

from netmgr.errors import LabError
from netmgr.lab.kit import LabKit
from netmgr.lab.mixed import MixedLab
from netmgr.model.lab import LabInterface, LabLink, LabNetwork, LabNode
from netmgr.ports.progress import Silent


def node(name: str, platform: str) -> LabNode:
    return LabNode(device=name, platform=platform, interfaces=(LabInterface(name="Ethernet1"),))


REFUSED = {
    "a platform that nobody knows": (
        LabNetwork(client="c", nodes=(node("a", "eos"), node("b", "vax"))),
        r"b: the lab boots .*eos.*, not platform vax",
    ),
    "a cable that ends nowhere": (
        LabNetwork(
            client="c",
            nodes=(node("a", "eos"), node("b", "eos")),
            links=(LabLink(a=("a", "Ethernet1"), b=("b", "Ethernet9")),),
        ),
        "b: a link ends at Ethernet9, which no device of the lab has",
    ),
}


@pytest.mark.parametrize(("network", "why"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_booted_is_refused_before_anything_is(network, why, tmp_path):
    lab = MixedLab(tmp_path / "lab", tmp_path / "emulated", LabKit(tmp_path))
    with pytest.raises(LabError, match=why):
        lab.up(network, Silent())
    assert list(tmp_path.iterdir()) == []
