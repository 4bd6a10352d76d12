"""A deploy on a terminal asks, and wants the client's id typed."""

import pexpect
import pytest

from tests.lab.site import ONE_COMMAND

pytestmark = pytest.mark.lab

ROUTE = "static_routes: [{prefix: 198.51.100.0/24, discard: true}]"


def answer(site, typed):
    """Deploy on a pseudo-terminal of 100 columns and type an answer; the exit code and all that was shown."""
    words = site.command("deploy", "--confirm-in", "60", "-m", "a route", "--ticket", "T-7")
    terminal = pexpect.spawn(
        words[0],
        words[1:],
        env=site.environment() | {"TERM": "xterm"},
        dimensions=(40, 100),
        timeout=ONE_COMMAND,
        encoding="utf-8",
    )
    terminal.expect_exact("change 1 devices of square (lab, ticket T-7)? type the client's id")
    shown = terminal.before
    terminal.sendline(typed)
    terminal.expect(pexpect.EOF)
    terminal.close()
    return terminal.exitstatus, shown + terminal.before


def test_the_client_s_id_is_typed(site):
    with site.with_data("r1", ROUTE):
        code, shown = answer(site, "yes")
        assert (code, site.running("r1") == site.baseline["r1"]) == (5, True)
        assert "refused (approval): the plan was not approved; nothing was changed" in shown
        assert "\x1b[32m+ip route 198.51.100.0/24 blackhole" in shown
        code, shown = answer(site, "square")
        assert code == 0
        assert "ip route 198.51.100.0/24 blackhole\n" in site.running("r1")
        assert "1 applied" in shown
    assert site.deploy()["outcome"] == "applied"


def test_without_a_terminal_it_refuses(site):
    with site.with_data("r1", ROUTE):
        refused = site.document("deploy", code=5)
    assert refused["refused"] == [
        {
            "gate": "approval",
            "reason": "there is no terminal to ask on",
            "remedy": "look at the plan, then add --yes",
        }
    ]
    assert site.running("r1") == site.baseline["r1"]
