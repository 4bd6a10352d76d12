"""config/policies/*.yaml: what is read, what is refused, and several policies for one client."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmgr.adapters.inventory_memory import MemoryInventories
from netmgr.adapters.inventory_yaml import YamlInventories
from netmgr.cli.main import run
from netmgr.errors import InputError
from netmgr.model.change_policy import (
    ApprovalPolicy,
    ChangePolicies,
    ChangePolicy,
    LargestShare,
    ProtectedLine,
    RehearsalPolicy,
    WavePolicy,
    strictest,
)
from netmgr.workflows.inventory import validate
from tests.unit.inventory.samples import FORMS, GOOD

FULL = """
clients: acme
atomic: wave
waves: {by: site, order: [north, south], largest: 4}
windows: ignored
approval: {devices: 10, lines: 500, touching: ["core*"], roles: [core], expires_hours: 24}
protected:
  - {line: "^ntp ", devices: [edge1], reason: time}
  - {line: ssh}
largest_share: {devices: 50, lines: 80}
lockout: warn
ticket: required
rehearsal: {required: true, devices: 3}
"""
POLICY = ChangePolicy(
    clients=("acme",),
    atomic="wave",
    waves=WavePolicy(by="site", order=("north", "south"), largest=4),
    windows="ignored",
    approval=ApprovalPolicy(devices=10, lines=500, touching=("core*",), roles=("core",), expires_hours=24),
    protected=(ProtectedLine(line="^ntp ", devices=("edge1",), reason="time"), ProtectedLine(line="ssh")),
    largest_share=LargestShare(devices=50, lines=80),
    lockout="warn",
    ticket="required",
    rehearsal=RehearsalPolicy(required=True, devices=3),
)


def policies(*texts, clients=("acme",)):
    named = {f"config/policies/{index}.yaml": text for index, text in enumerate(texts)}
    return MemoryInventories(dict.fromkeys(clients, GOOD), FORMS, policies=named).policies()


def test_every_key_is_read():
    assert policies(FULL).files == {"config/policies/0.yaml": POLICY}
    assert policies(FULL).of("acme") == POLICY
    assert policies(FULL).of("other") == ChangePolicy(clients=("other",))


def test_without_a_file_the_defaults_hold(tmp_path):
    assert YamlInventories(tmp_path, FORMS).policies() == ChangePolicies()
    assert ChangePolicies().of("acme").model_dump() == {
        "clients": ("acme",),
        "atomic": "network",
        "waves": {"by": "topology", "order": (), "largest": None},
        "windows": "required",
        "approval": {"devices": None, "lines": None, "touching": (), "roles": (), "expires_hours": 72},
        "protected": (),
        "largest_share": {"devices": None, "lines": None},
        "lockout": "refuse",
        "ticket": "optional",
        "rehearsal": {"required": False, "devices": 0},
    }


#: What each of two policies says → what holds for the client of both.
MERGED = {
    "nobody says it": ("{}", "{clients: other}", {}),
    "one says it": ("windows: ignored", "ticket: required", {"windows": "ignored", "ticket": "required"}),
    "words": (
        "{atomic: wave, windows: ignored, lockout: warn, ticket: optional}",
        "{atomic: network, windows: required, lockout: refuse, ticket: required}",
        {"ticket": "required"},
    ),
    "both the laxer word": (
        "{atomic: wave, lockout: warn}",
        "{atomic: wave, lockout: warn}",
        {"atomic": "wave", "lockout": "warn"},
    ),
    "of another client": ("clients: acme", "{clients: other, ticket: required}", {}),
    "of every client and of one": (
        "largest_share: {devices: 50}",
        "{clients: [acme, other], largest_share: {devices: 20, lines: 10}}",
        {"largest_share": LargestShare(devices=20, lines=10)},
    ),
    "numbers": (
        "{approval: {devices: 10, expires_hours: 100}, waves: {largest: 3}}",
        "{approval: {devices: 0, lines: 7, expires_hours: 200}, waves: {largest: 2}}",
        {"approval": ApprovalPolicy(devices=0, lines=7, expires_hours=100), "waves": WavePolicy(largest=2)},
    ),
    "hours that one says and the other leaves at their default": (
        "approval: {expires_hours: 100}",
        "approval: {devices: 1}",
        {"approval": ApprovalPolicy(devices=1, expires_hours=100)},
    ),
    "lists": (
        '{approval: {touching: [a, b], roles: [x]}, protected: [{line: "1"}]}',
        '{approval: {touching: [b, c], roles: [z]}, protected: [{line: "2"}, {line: "1"}]}',
        {
            "approval": ApprovalPolicy(touching=("a", "b", "c"), roles=("x", "z")),
            "protected": (ProtectedLine(line="1"), ProtectedLine(line="2")),
        },
    ),
    "rehearsal": (
        "rehearsal: {required: true, devices: 5}",
        "rehearsal: {devices: 1}",
        {"rehearsal": RehearsalPolicy(required=True, devices=5)},
    ),
    "rehearsal always": (
        "rehearsal: {required: true, devices: 5}",
        "rehearsal: {required: true}",
        {"rehearsal": RehearsalPolicy(required=True)},
    ),
    "waves said alike": (
        "waves: {by: role, order: [edge, core]}",
        "waves: {by: role}",
        {"waves": WavePolicy(by="role", order=("edge", "core"))},
    ),
}


@pytest.mark.parametrize(("one", "other", "holds"), MERGED.values(), ids=MERGED)
def test_the_strictest_holds(one, other, holds):
    def text(policy):
        return policy if policy.startswith("{") else f"{{{policy}}}"

    known = policies(text(one), text(other), clients=("acme", "other"))
    assert known.of("acme") == ChangePolicy(clients=("acme",), **holds)


SOME = st.none() | st.integers(0, 3)


@st.composite
def said(draw):
    """A policy that says some keys and not others."""
    words = {
        "atomic": ["network", "wave"],
        "windows": ["required", "ignored"],
        "lockout": ["refuse", "warn"],
        "ticket": ["required", "optional"],
    }
    keys = {key: draw(st.sampled_from(values)) for key, values in words.items() if draw(st.booleans())}
    approval = ApprovalPolicy(
        devices=draw(SOME), lines=draw(SOME), touching=tuple(draw(st.sets(st.sampled_from("abc"))))
    )
    return ChangePolicy(
        **keys, approval=approval, largest_share=LargestShare(devices=draw(st.integers(1, 3)))
    )


def form(policy):
    dumped = policy.model_dump()
    dumped["approval"]["touching"] = sorted(dumped["approval"]["touching"])
    return dumped


@given(st.lists(said(), min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_matters(several, shuffle: random.Random):
    shuffled = [*several, several[0]]
    shuffle.shuffle(shuffled)
    assert form(strictest(shuffled, "acme")) == form(strictest(several, "acme"))


STRICT = {"network", "required", "refuse"}


@given(st.lists(said(), min_size=1, max_size=4))
def test_nothing_that_a_policy_says_is_weakened(several):
    holds = strictest(several, "acme")
    for policy in several:
        for key in policy.model_fields_set & {"atomic", "windows", "lockout", "ticket"}:
            assert getattr(policy, key) not in STRICT or getattr(holds, key) == getattr(policy, key)
        for key in ("devices", "lines"):
            limit = getattr(policy.approval, key)
            assert limit is None or getattr(holds.approval, key) <= limit
        assert set(policy.approval.touching) <= set(holds.approval.touching)
        assert holds.largest_share.devices <= policy.largest_share.devices


BAD = {
    "empty": ("", ["1: the file is empty; write {} where there is nothing to say"]),
    "misspelt keys": (
        "windws: ignored\napproval:\n  device: 3\nlargest: 3\n",
        [
            "1: unknown key 'windws'; did you mean 'windows'?",
            "3: approval: unknown key 'device'; did you mean 'devices'?",
            "4: unknown key 'largest'; did you mean 'waves.largest'?",
        ],
    ),
    "words and numbers": (
        "windows: ignore\nlargest_share: {devices: 101, lines: 0}\napproval: {devices: -1}\n",
        [
            "1: windows: must be 'required' or 'ignored'; did you mean 'ignored'?",
            "2: largest_share.devices: must be 100 or less",
            "2: largest_share.lines: must be 1 or more",
            "3: approval.devices: must be 0 or more",
        ],
    ),
    "clients": (
        "clients: [acme, acne, '**']\n",
        ["1: clients[2]: '**' is not a client's id or *; write it like acme"],
    ),
    "an unknown client": (
        "clients:\n  - acme\n  - acne\n",
        ["3: no client acne; did you mean 'acme'?"],
    ),
    "no client": ("clients: []\n", ["1: clients: needs one item at least; write it, or remove the key"]),
    "a regular expression that is none": (
        "protected:\n  - line: 'ntp ('\n",
        [
            "2: protected[0].line: 'ntp (' is not a regular expression (missing ), unterminated subpattern at "
            "position 4); mend it"
        ],
    ),
    "a line without its text": (
        "protected:\n  - {reason: time, devices: [Core]}\n",
        [
            "2: protected[0]: missing key 'line'; add it",
            "2: protected[0].devices[0]: 'Core' is not a device's id or a glob of them; write it like \"core*\"",
        ],
    ),
    "an order of nothing": (
        "waves: {order: [a, b]}\n",
        ["1: waves: 'order' is of sites or roles; add by: site or by: role"],
    ),
    "an order twice": (
        "waves: {by: site, order: [a, b, a]}\n",
        ["1: waves: 'order' names something twice; remove one"],
    ),
}


@pytest.mark.parametrize(("text", "expected"), BAD.values(), ids=BAD)
def test_policies_that_are_refused(text, expected):
    with pytest.raises(InputError) as refused:
        policies("{}", text)
    assert sorted(refused.value.problems) == sorted(f"config/policies/1.yaml:{line}" for line in expected)


def test_policies_that_contradict_each_other_are_shown_with_both_places():
    with pytest.raises(InputError) as refused:
        policies(
            "waves: {by: site, order: [a, b]}\n",
            "clients: acme\nwaves:\n  by: role\n  order: [b, a]\n",
            "clients: other\nwaves: {by: site, order: [a, b]}\n",
            clients=("acme", "other"),
        )
    both = "is another at config/policies/0.yaml:1, and neither is stricter; say one of them"
    assert refused.value.problems == (
        f"config/policies/1.yaml:3: waves.by of acme {both}",
        f"config/policies/1.yaml:4: waves.order of acme {both}",
    )


def test_every_problem_of_every_file_in_one_run():
    with pytest.raises(InputError) as refused:
        policies("clients: acne\n", "windows: x\n")
    assert [line.split(": ")[0] for line in refused.value.problems] == [
        "config/policies/0.yaml:1",
        "config/policies/1.yaml:1",
    ]


@pytest.fixture
def workspace(tmp_path):
    for name, text in GOOD.items():
        path = tmp_path / "inventory/acme" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "config/policies/playbooks").mkdir(parents=True)
    (tmp_path / "config/netmgr.yaml").write_text("")
    return tmp_path


def test_files_directly_in_the_directory_are_policies(workspace):
    directory = workspace / "config/policies"
    (directory / "a.yaml").write_text("ticket: required\n")
    (directory / "playbooks/b.yaml").write_text("of another kind\n")
    (directory / ".c.yaml").write_text("hidden\n")
    (directory / "README.md").write_text("not YAML\n")
    known = YamlInventories(workspace, FORMS).policies()
    assert known.files == {"config/policies/a.yaml": ChangePolicy(ticket="required")}


def test_a_file_that_would_not_be_read_and_one_from_elsewhere_are_named(workspace, tmp_path_factory):
    other = tmp_path_factory.mktemp("elsewhere") / "policy.yaml"
    other.write_text("{}\n")
    (workspace / "config/policies/a.yaml").symlink_to(other)
    (workspace / "config/policies/b.yml").write_text("{}\n")
    with pytest.raises(InputError) as refused:
        YamlInventories(workspace, FORMS).policies()
    assert refused.value.problems == (
        "config/policies/a.yaml:1: the file is a symbolic link that leads elsewhere; put the file itself here",
        "config/policies/b.yml:1: the file would not be read; name it b.yaml",
    )


@pytest.mark.parametrize("client", [None, "acme"])
def test_validate_covers_them(workspace, client, capsys):
    arguments = ["-w", str(workspace), "validate", *(["-c", client] if client else [])]
    assert run(arguments) == 0
    (workspace / "config/policies/a.yaml").write_text("windws: ignored\n")
    assert run(arguments) == 1
    assert capsys.readouterr().err == (
        "error: config/policies/a.yaml:1: unknown key 'windws'; did you mean 'windows'?\n"
    )
    with pytest.raises(InputError):
        validate(YamlInventories(workspace, FORMS), client)


HOSTS = "core1: {data: {role: core, site: hq}}\nedge1: {data: {role: edge}}\n"


def warned(*texts, clients=("acme", "other"), client=None, hosts=HOSTS):
    files = {"client.yaml": "sites: {hq: {}}\n", "defaults.yaml": "platform: frr\n", "hosts.yaml": hosts}
    named = {f"config/policies/{index}.yaml": text for index, text in enumerate(texts)}
    every = {name: files | {"client.yaml": f"id: {name}\n{files['client.yaml']}"} for name in clients}
    checked = validate(MemoryInventories(every, FORMS, policies=named), client)
    return [(one.client, warning) for one in checked for warning in one.warnings]


def test_names_that_fit_a_device_are_fine():
    assert (
        warned(
            "approval: {touching: [core1, 'e*'], roles: [edge]}\n"
            "protected: [{line: x}, {line: z, devices: core?}]\nwaves: {by: site, order: [hq]}\n"
        )
        == []
    )


def test_a_name_that_no_device_of_its_client_has_is_warned_of_with_its_line():
    text = (
        "clients: acme\napproval:\n  touching:\n    - core1\n    - cor\n  roles: [coer]\n"
        "protected:\n  - {line: x, devices: [edge9]}\nwaves: {by: role, order: [core, spine]}\n"
    )
    assert warned(text) == [
        ("acme", "config/policies/0.yaml:5: acme: no device is or fits 'cor'"),
        ("acme", "config/policies/0.yaml:6: acme: no device has the role 'coer'"),
        ("acme", "config/policies/0.yaml:8: acme: no device is or fits 'edge9'"),
        ("acme", "config/policies/0.yaml:9: acme: no device has the role 'spine'"),
    ]
    assert warned(text, client="other") == []


def test_a_name_for_every_client_has_to_fit_one_of_them():
    text = "approval: {touching: [core1, 'x*']}\n"
    assert warned(text) == [("acme", "config/policies/0.yaml:1: every client: no device is or fits 'x*'")]
    assert warned(text, client="acme") == [], "the others were not looked at"
