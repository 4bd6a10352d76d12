"""Which orders `configure replace` can bring about in lists to which IOS appends: tried on the emulated one, too."""

from itertools import permutations

import pytest

from netmgr.lab.emulated.ios.configuration import Configuration
from netmgr.lab.emulated.ios.editor import Editor
from netmgr.lab.emulated.ios.replacing import replace
from netmgr.platforms.ios import IOS
from netmgr.platforms.ios.appending import misplaced

LISTS = {
    "name servers": "ip name-server 192.0.2.{}",
    "name servers of a VRF": "ip name-server vrf red 192.0.2.{}",
    "AS paths": "ip as-path access-list 1 permit _6500{}_",
    "communities": "ip community-list standard named permit 65000:{}",
}


def text(line: str, numbers: tuple[int, ...]) -> str:
    return "hostname r1\nvrf definition red\n" + "".join(f"{line.format(n)}\n" for n in numbers)


@pytest.mark.parametrize("line", LISTS.values(), ids=LISTS)
def test_exactly_what_the_device_would_not_do_is_refused(line):
    """From every order of up to three entries to every other one."""
    orders = [order for length in (1, 2, 3) for order in permutations((1, 2, 3), length)]
    refused = 0
    for before in orders:
        for after in orders:
            running = Configuration()
            assert Editor(running, booting=True).type_all(text(line, before)) == []
            candidate = IOS.candidate(text(line, after), running.text())
            done = replace(running, candidate, until_error=True).configuration
            becomes = [row for row in done.text().splitlines() if row.startswith("ip ")]
            wanted = [row for row in text(line, after).splitlines() if row.startswith("ip ")]
            why = misplaced(candidate, running.text())
            assert (why is None) == (becomes == wanted), (before, after, why)
            refused += why is not None
    assert 0 < refused < len(orders) ** 2


def test_the_refusal_names_both_lines_and_what_to_do():
    why = misplaced("ip name-server 192.0.2.1\nip name-server 192.0.2.2\n", "ip name-server 192.0.2.2\n")
    assert why == (
        "IOS appends to this list, and cannot put 'ip name-server 192.0.2.1' before 'ip name-server 192.0.2.2': put it"
        " last, or take 'ip name-server 192.0.2.2' out in a change of its own"
    )


def test_a_device_that_shows_a_list_on_one_line_gets_it_in_any_order():
    assert misplaced("ip name-server 192.0.2.1 192.0.2.2\n", "ip name-server 192.0.2.2\n") is None
