"""Each law of netmgr.conformance sees a driver, or a bench, that breaks it."""

import dataclasses

import pytest

from netmgr.adapters.commit_control import CommitControl
from netmgr.adapters.napalm_eos import EosCommits
from netmgr.adapters.napalm_session import NapalmSession
from netmgr.conformance import DRIVER_LAWS
from netmgr.errors import DeviceError


def _says(control, driver, order):
    """Does nothing, and says what is."""
    return control.state(driver, order)


def _not_understood(control, error, phase):
    return DeviceError(control.endpoint.device, phase, "something went wrong")


#: Law → where something else stands (a class, or the bench's own field), what, and what is said of it.
BROKEN = {
    "samples": (None, "before", lambda bench: bench.after, "before and after must each have a line"),
    "reading": (CommitControl, "startup", lambda *_: "", "what would boot is not what was saved"),
    "loading": (EosCommits, "load", lambda *_: "", "no difference is shown"),
    "replacing": (EosCommits, "commit", _says, "the commit says"),
    "aborting": (EosCommits, "abort", _says, "the abort says pending"),
    "confirming": (EosCommits, "confirm", _says, "the confirmation says pending"),
    "refusing": (None, "refused", lambda bench: bench.after, "a candidate with a wrong line is pending"),
    "fencing": (EosCommits, "fence", lambda *_: "", "a commit planned for another configuration is"),
    "trust": (
        None,
        "stranger",
        lambda bench: bench.endpoint,
        "a host key or certificate that is not the one",
    ),
    "passwords": (EosCommits, "explain", _not_understood, "DeviceError: eos1: connect: something went wrong"),
    "looking": (None, "shows", lambda _: "configure", "'configure' is none of the form's reads"),
    "keeping": (
        CommitControl,
        "shown",
        lambda *_: ("hostname eos1\n", None, ()),
        "a whole configuration is not taken for one",
    ),
    "closing": (NapalmSession, "close", lambda _: None, "a session that was closed reads"),
}


def test_each_law_has_a_driver_that_breaks_it():
    assert list(BROKEN) == list(DRIVER_LAWS)


@pytest.mark.parametrize("law", DRIVER_LAWS)
@pytest.mark.parametrize("bench", ["eos"], indirect=True)
def test_a_driver_that_breaks_the_law_is_told_so(bench, law, monkeypatch):
    where, name, other, said = BROKEN[law]
    if where is None:
        bench = dataclasses.replace(bench, **{name: other(bench)})
    else:
        monkeypatch.setattr(where, name, other)
    found = list(DRIVER_LAWS[law](bench))
    assert [each for each in found if each.startswith(said)], found
