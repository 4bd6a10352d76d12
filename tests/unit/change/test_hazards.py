"""What a change by merging takes away for a moment is said in its plan."""

import pytest

from netmgr.change.plan import planned_device
from netmgr.model.digest import sha256_hex
from netmgr.model.intended import Intended
from netmgr.model.state import Reading
from netmgr.platforms import FORMS

LISTS = {
    "ios": ("ip as-path access-list 1 permit ^1$\n", "ip as-path access-list 1 permit ^2$\n"),
    "eos": ("ip as-path access-list one permit ^1$ any\n", "ip as-path access-list one permit ^2$ any\n"),
}
ONLY = "only as_path_lists: all else stays as it is on the device"
AWAY = "undone before they are told anew, so away for a moment: ip as-path access-list 1"


def warnings(platform, running, wanted, owned=frozenset({"as_path_lists"})):
    form = FORMS[platform]
    running, wanted = form.canonical(running), form.canonical(wanted)
    intended = Intended(device="r1", platform=platform, candidate=wanted, config=wanted, owned=owned)
    reading = Reading(running=running, digest=sha256_hex(running))
    return planned_device(intended, reading, form=form, secrets={}, owned=True).warnings


def test_ios_counts_each_line_as_soon_as_it_is_told():
    first, second = LISTS["ios"]
    assert warnings("ios", first + second, second + first) == (ONLY, AWAY)


def test_what_is_added_at_the_end_takes_nothing_away():
    first, second = LISTS["ios"]
    assert warnings("ios", first, first + second) == (ONLY,)


def test_in_a_session_only_the_end_counts():
    first, second = LISTS["eos"]
    assert warnings("eos", first + second, second + first) == (ONLY,)


@pytest.mark.parametrize("platform", LISTS)
def test_a_whole_configuration_is_no_merge(platform):
    first, second = LISTS[platform]
    assert warnings(platform, first + second, second + first, owned=None) == ()
