"""What all readers share: lines that nobody takes are kept verbatim, secrets get names, lines are counted."""

from netmgr.model.adoption import AdoptedLine, Coverage
from netmgr.platforms.adopting import Reading

PATHS = (
    ("hostname r1",),
    ("router rip",),
    ("router rip", "network eth0"),
    ("router rip", "area x"),
    ("router rip", "area x", "key hush"),
    ("router ospf",),
    ("router ospf", "router-id 1.1.1.1"),
    ("router ospf", "password hush"),
    ("router isis",),
    ("password other",),
)


def secret(line):
    word, _, value = line.partition(" ")
    return (f"{word} ", value, "") if word in ("key", "password") else None


def read():
    reading = Reading(PATHS)
    reading.take("system", PATHS[0])
    reading.take("ospf", PATHS[5], PATHS[6])
    return reading.adopted(
        {"loopback": "10.0.0.1"},
        feature=lambda path: "ospf" if path[0] == "router ospf" else None,
        secret=secret,
    )


def test_what_nobody_took_is_kept_in_its_section():
    assert read().data == {
        "loopback": "10.0.0.1",
        "extra_config": [
            {"section": "router rip", "lines": ["network eth0"]},
            {"section": ["router rip", "area x"], "lines": ["key secret://age/key"]},
            {"section": "router ospf", "lines": ["password secret://age/key"]},
            "router isis",
            "password secret://age/password",
        ],
    }


def test_equal_secrets_have_one_name_and_different_ones_have_two():
    assert read().secrets == {"key": "hush", "password": "other"}
    reading = Reading(())
    assert [reading.secret(value, "BGP", "10.0.0.1") for value in ("a", "b", "a", "c")] == [
        "secret://age/bgp-10-0-0-1",
        "secret://age/bgp-10-0-0-1-2",
        "secret://age/bgp-10-0-0-1",
        "secret://age/bgp-10-0-0-1-3",
    ]
    assert reading.secret("d", "!") == "secret://age/secret"


def test_every_line_is_counted_once():
    found = read()
    assert [line.text for line in found.lines] == [" " * (len(p) - 1) + p[-1] for p in PATHS]
    assert found.coverage == (
        Coverage(feature="ospf", lines=3, explained=2),
        Coverage(feature="system", lines=1, explained=1),
        Coverage(feature=None, lines=6, explained=0),
    )
    assert found.unexplained[0] == AdoptedLine("router rip", None, False)
    assert len(found.unexplained) == 7


def test_nothing_shows_a_secret_by_itself():
    assert "hush" not in repr(read())
