"""NAPALM's own templates are found without a word about where they are not."""

import logging

from napalm.base.helpers import textfsm_extractor

from netmgr.adapters.ios_driver import GuardedIos

NEIGHBORS = """
Capability codes:
    (R) Router, (B) Bridge

Device ID           Local Intf     Hold-time  Capability      Port ID
r2                  Gi1            120        R               Gi0/1

Total entries displayed: 1
"""


def test_nothing_is_said_of_templates_that_another_class_has(caplog, capsys):
    caplog.set_level(logging.DEBUG)
    driver = GuardedIos.__new__(GuardedIos)
    assert [
        row["local_interface"] for row in textfsm_extractor(driver, "show_lldp_neighbors", NEIGHBORS)
    ] == ["Gi1"]
    assert (caplog.messages, capsys.readouterr().err) == ([], "")
