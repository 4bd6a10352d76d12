"""Access lists on the emulated device: whatever an entry says is taken, shown back, and replaced at once."""

import random

import pytest

from netmgr.lab.emulated.ios.configuration import Configuration
from netmgr.lab.emulated.ios.editor import Editor
from netmgr.lab.emulated.ios.replacing import replace
from netmgr.platforms.ios import IOS
from tests.unit.platforms.ios.test_golden import rendered

NAMED = {
    "ipv4": ("tcp", "udp", "icmp", "ospf", "gre", "esp"),
    "ipv6": ("tcp", "udp", "icmpv6", "ospf", "gre", "esp"),
}


@pytest.mark.parametrize("family", NAMED)
def test_every_protocol_is_one_that_the_device_takes_and_shows(family):
    protocols = (*NAMED[family], *range(256))
    entries = "".join(f"          - {{action: accept, protocol: {protocol}}}\n" for protocol in protocols)
    data = f"r1:\n  data:\n    acls:\n      all:\n        type: {family}\n        filters: packets\n        entries:\n"
    text = rendered(data + entries)
    assert IOS.canonical(text) == text
    device = Configuration()
    assert Editor(device, booting=True).type_all(text) == []
    once = dict.fromkeys(text.splitlines())
    assert IOS.canonical(device.text()).splitlines() == list(once)


ENTRIES = {
    "ipv6 access-list": (
        "permit icmp any any", "permit udp any host 2001:DB8:C:20::53 eq domain", "deny ipv6 any 2001:DB8:C::/48",
        "permit ipv6 any any", "deny tcp any any eq 22", "permit 58 any any nd-ns", "remark some words",
        "permit tcp any any established", "deny udp any any range 5000 6000 log", "permit 103 any any",
    ),
    "ip access-list extended": (
        "permit icmp any any", "permit udp any host 10.2.20.53 eq domain", "deny ip any 10.0.0.0 0.255.255.255",
        "permit ip any any", "deny tcp any any eq 22", "remark some words", "permit tcp any any established",
        "deny udp any any range 5000 6000 log", "permit icmp any any echo", "permit 103 any any",
    ),
}  # fmt: skip


def lists(chance: random.Random) -> str:
    found = ["hostname r1"]
    for opener, entries in ENTRIES.items():
        for number in range(chance.randint(0, 2)):
            chosen = chance.sample(entries, chance.randint(1, len(entries)))
            found += [f"{opener} list{len(opener)}-{number}", *(f" {entry}" for entry in chosen)]
    return "\n".join(found) + "\n"


def test_lists_in_any_order_become_any_others_in_one_replace():
    chance = random.Random(20261129)
    running = Configuration()
    assert Editor(running, booting=True).type_all(lists(chance)) == []
    for _ in range(60):
        wanted = IOS.canonical(lists(chance))
        done = replace(running, IOS.candidate(wanted, running.text()), until_error=True)
        assert (done.failed, done.left) == ((), ())
        running = done.configuration
        assert IOS.canonical(running.text()) == wanted
