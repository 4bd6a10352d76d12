"""--break-glass passes windows, freezes and approval, nothing else, and is logged."""

from tests.integration.change.desk import refusal, run

WINDOW = """\
timezone: Europe/Berlin
maintenance_windows: [{name: weekend, days: [saturday], start: "22:00", end: "04:00"}]
"""


def test_breaking_the_glass_passes_windows_freezes_and_approval_and_is_logged(desk):
    freeze = 'freezes: [{from: "2026-11-23", to: "2026-11-23", reason: Sales}]\n'
    desk.edit("inventory/square/client.yaml", lambda text: text + WINDOW + freeze)
    assert [each.gate for each in refusal(lambda: run(desk), desk).every] == ["freeze", "window", "approval"]
    result = run(desk, break_glass="the line is down", reason="bring it back")
    assert result.outcome == "applied"
    log = desk.wiring.service_log
    intent = next(e for e in log.entries("square", change=result.change) if e.phase == "intent")
    assert intent.facts["break_glass"] == ["freeze", "window", "approval"]
    body = log.body("square", intent.body.digest).decode()
    assert body.startswith("reason: bring it back\nbreak-glass: the line is down\n# r1\n")
    assert [line for line in desk.said if line.startswith("break-glass passes")][:1] == [
        "break-glass passes freeze: client square is frozen on 2026-11-23: Sales"
    ]


def test_breaking_the_glass_without_need_is_logged_too(desk):
    (desk.workspace / "config/policies/four-eyes.yaml").unlink()
    result = run(desk, break_glass="to be sure")
    intent = next(
        e for e in desk.wiring.service_log.entries("square", change=result.change) if e.phase == "intent"
    )
    assert intent.facts["break_glass"] == []


def test_breaking_the_glass_passes_nothing_else(desk):
    desk.fleet.devices["r2"].running = "interface eth9\n description somebody else's\nexit\n!\n"
    (desk.workspace / "config/policies/more.yaml").write_text(
        "ticket: required\nlargest_share: {devices: 50}\nprotected: [{line: description}]\n"
    )
    refused = refusal(lambda: run(desk, break_glass="now"), desk)
    assert [each.gate for each in refused.every] == ["takeover", "protected", "share", "ticket"]
    with desk.runtime().locks.hold("square", "network", "p-9 on ops9"):
        assert refusal(lambda: run(desk, break_glass="now"), desk).gate == "lock"
