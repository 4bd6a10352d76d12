"""config/people.yaml."""

import base64
from datetime import date

import pytest

from netmgr.adapters.inventory_memory import MemoryInventories
from netmgr.adapters.inventory_yaml import YamlInventories
from netmgr.errors import InputError
from netmgr.model.people import People
from tests.unit.inventory.samples import FORMS, GOOD

BLOB = b"\0\0\0\x0bssh-ed25519\0\0\0\x20" + bytes(range(32))
KEY = f"ssh-ed25519 {base64.b64encode(BLOB).decode()}"
SHORT = f"ssh-ed25519 {base64.b64encode(BLOB[:-1]).decode()}"

FILE = f"""
p-1:
  name: Network engineer
  logins: [engineer]
  keys: ["{KEY} engineer@ops1"]
  roles: {{acme: [engineer, approver], "*": [viewer]}}
  rate_class: senior
  valid: {{from: "2026-01-01", to: "2026-12-31"}}
p-2: {{}}
"""


def people(text):
    return MemoryInventories({"acme": GOOD}, FORMS, people=text).people()


def test_who_is_who():
    known = people(FILE)
    engineer = known.by_login("engineer")
    assert engineer.id == "p-1"
    assert known.by_key(KEY) == engineer
    assert known.by_login("nobody") is None
    assert known.by_key(SHORT) is None
    assert engineer.roles_for("acme") == {"engineer", "approver", "viewer"}
    assert engineer.roles_for("other") == {"viewer"}
    assert list(known.people) == ["p-1", "p-2"]


@pytest.mark.parametrize(
    ("day", "may"),
    [("2025-12-31", False), ("2026-01-01", True), ("2026-12-31", True), ("2027-01-01", False)],
)
def test_a_person_acts_on_valid_days_only(day, may):
    assert people(FILE).people["p-1"].may_act_on(date.fromisoformat(day)) is may
    assert people(FILE).people["p-2"].may_act_on(date.fromisoformat(day))


def test_no_file_is_nobody(tmp_path):
    assert people(None) == People()
    assert YamlInventories(tmp_path, FORMS).people() == People()


def test_the_file_in_the_workspace(tmp_path):
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "people.yaml").write_text("p-1: {logins: [engineer]}\n")
    assert YamlInventories(tmp_path, FORMS).people().by_login("engineer").id == "p-1"


def test_a_file_from_elsewhere_is_refused(tmp_path, tmp_path_factory):
    (tmp_path / "config").mkdir()
    other = tmp_path_factory.mktemp("elsewhere") / "people.yaml"
    other.write_text("p-1: {}\n")
    (tmp_path / "config" / "people.yaml").symlink_to(other)
    with pytest.raises(InputError) as refused:
        YamlInventories(tmp_path, FORMS).people()
    assert refused.value.problems == (
        "config/people.yaml:1: the file is a symbolic link that leads elsewhere; put the file itself here",
    )


BAD = {
    "empty": ("", ["1: the file is empty; write {} where there is nothing to say"]),
    "a list": ("- p-1\n", ["1: the file must hold a mapping (key: value)"]),
    "the same id twice": (
        "p-1: {}\np-1: {}\n",
        ["2: key 'p-1' was already given at config/people.yaml:1; remove one"],
    ),
    "ids": (
        "../p: {}\n7: {}\np-1: engineer\n",
        [
            "1: '../p' is not a person's id; write letters, digits, . _ -, at most 63",
            "2: '7' is not a person's id; write letters, digits, . _ -, at most 63",
            "3: must be a mapping (key: value), not text",
        ],
    ),
    "unknown role and key": (
        "p-1:\n  roles: {acme: [enginer]}\n  role: engineer\n",
        [
            "2: roles.acme[0]: must be 'viewer', 'engineer', 'approver', 'auditor', 'manager' or 'administrator'; "
            "did you mean 'engineer'?",
            "3: unknown key 'role'; did you mean 'roles'?",
        ],
    ),
    "unknown client": (
        "p-1:\n  roles:\n    acne: [viewer]\n",
        ["3: p-1: no client acne; did you mean 'acme'?"],
    ),
    "clients that are none": (
        "p-1:\n  roles: {../acme: [viewer]}\n",
        ["2: roles[../acme]: '../acme' is not a client's id or *; write it like acme"],
    ),
    "a shared login": (
        "p-1: {logins: [ops]}\np-2: {logins: [x, ops]}\n",
        ["2: p-2: the login ops is also p-1's; give each their own"],
    ),
    "a shared key": (
        f'p-1: {{keys: ["{KEY}"]}}\np-2: {{keys: ["{KEY} other comment"]}}\n',
        ["2: p-2: the key is also p-1's; give each their own"],
    ),
    "keys": (
        f'p-1:\n  keys:\n    - ssh-rsa AAAA\n    - ssh-ed25519\n    - ssh-ed25519 %%%\n    - "{SHORT}"\n',
        [
            f"{n}: keys[{n - 3}]: is not an Ed25519 public key; write the line of an id_ed25519.pub"
            for n in (3, 4, 5, 6)
        ],
    ),
    "validity": (
        'p-1: {valid: {from: "2026-02-01", to: "2026-01-01"}}\np-2: {valid: {from: 2026-01-01}}\n',
        [
            "1: valid: 'to' (2026-01-01) is before 'from' (2026-02-01); swap them",
            '2: 2026-01-01 is a date in YAML 1.1 and text in 1.2; write "2026-01-01" in quotes',
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), BAD.values(), ids=BAD)
def test_people_that_are_refused(text, expected):
    with pytest.raises(InputError) as refused:
        people(text)
    assert list(refused.value.problems) == [f"config/people.yaml:{line}" for line in expected]


def test_a_private_key_is_not_repeated():
    private = "-----BEGIN OPENSSH PRIVATE KEY----- b3BlbnNzaC1rZXktdjE"
    with pytest.raises(InputError) as refused:
        people(f'p-1: {{keys: ["{private}"]}}\n')
    assert "b3Blb" not in str(refused.value)
