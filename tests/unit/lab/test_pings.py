"""What probes print, and the seconds that follow from it; the kernel's routes as iproute2 prints them."""

import pytest

from netmgr.lab.frr.pings import measured, replies
from netmgr.lab.twins import prefixes
from netmgr.model.rehearsal import LoopbackPair, Loss

PAIR = LoopbackPair(source="a", source_address="10.0.0.1", destination="b", destination_address="10.0.0.2")

# iputils 20221126: ping -4 -n -D -O -W 1 -i 0.05 -I 10.1.255.1 10.1.255.5, the route taken away for a while.
OUTPUT = """\
PING 10.1.255.5 (10.1.255.5) from 10.1.255.1 : 56(84) bytes of data.
[1700000000.010000] 64 bytes from 10.1.255.5: icmp_seq=1 ttl=63 time=0.061 ms
[1700000000.060000] 64 bytes from 10.1.255.5: icmp_seq=2 ttl=63 time=0.041 ms
[1700000000.161000] no answer yet for icmp_seq=3
[1700000000.200000] From 10.1.0.1 icmp_seq=4 Destination Net Unreachable
[1700000000.211000] no answer yet for icmp_seq=5
[1700000000.260000] 64 bytes from 10.1.255.5: icmp_seq=6 ttl=63 time=0.041 ms
[1700000000.361000] no answer yet for icmp_seq=7
[1700000000.362000] 64 bytes from 10.1.255.5: icmp_seq=8 ttl=63 time=1.2 ms
[1700000000.363000] 64 bytes from 10.1.255.5: icmp_seq=7 ttl=63 time=51.2 ms

--- 10.1.255.5 ping statistics ---
8 packets transmitted, 5 received, +1 errors, 37.5% packet loss, time 350ms
"""


def test_an_answer_that_comes_late_is_an_answer():
    assert replies(OUTPUT) == [
        (1, 1700000000.01),
        (2, 1700000000.06),
        (6, 1700000000.26),
        (7, 1700000000.363),
        (8, 1700000000.362),
    ]


@pytest.mark.parametrize(
    ("answered", "end", "seconds", "longest", "replied"),
    [
        ([], 4.0, 4.0, 4.0, False),
        ([(1, 0.01), (2, 0.06)], 0.5, 0.0, 0.0, True),
        # Three requests of a pair without an answer; the time between the answers is measured, not the requests.
        ([(1, 0.0), (5, 0.2), (6, 0.25)], 0.3, 0.15, 0.15, True),
        ([(1, 0.0), (3, 0.1), (4, 0.15), (9, 1.15)], 1.2, 1.0, 0.95, True),
        # The last answer is long ago: it is lost up to the end.
        ([(1, 0.0), (2, 0.05), (4, 0.15)], 3.15, 3.05, 3.0, False),
        # A machine that sent late: no request was lost.
        ([(1, 0.0), (2, 0.9), (3, 0.95)], 1.0, 0.0, 0.0, True),
        # The first request was answered by nobody.
        ([(2, 0.1)], 0.2, 0.05, 0.05, True),
    ],
)
def test_seconds_without_an_answer(answered, end, seconds, longest, replied):
    found = measured(PAIR, answered, start=0.0, end=end, interval=0.05)
    assert found == Loss(pair=PAIR, seconds=seconds, longest=longest, replied=replied)


def test_the_kernel_s_prefixes():
    text = (
        '[{"dst":"default","gateway":"10.0.0.1"},{"dst":"10.1.255.5","gateway":"10.0.0.1"},'
        '{"type":"blackhole","dst":"203.0.113.0/24"}]\n\n/\n'
        '[{"dst":"2001:db8::1","dev":"lo"},{"dst":"fe80::/64","dev":"eth1"},{"dst":"default","nhid":12}]\n'
    )
    assert prefixes(text) == {
        *("0.0.0.0/0", "10.1.255.5/32", "203.0.113.0/24"),
        *("2001:db8::1/128", "::/0"),
    }
    assert prefixes('\n/\n[{"dst":"default"}]\n') == {"::/0"}
    assert prefixes("[]\n\n/\n") == frozenset()
