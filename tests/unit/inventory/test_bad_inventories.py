"""Bad inventories: each is refused with every problem, each at its line. The cases are in ``bad/*.txt``."""

import re
from pathlib import Path

import pytest

from netmgr.adapters.inventory_assembly import assemble
from netmgr.errors import Exit, InputError
from tests.unit.inventory.samples import FORMS, GOOD

CASES = Path(__file__).parent / "bad"


def cases():
    for file in sorted(CASES.glob("*.txt")):
        for block in file.read_text().split("\n=== ")[1:]:
            name, *parts = re.split(r"\n--- ", block.rstrip("\n"))
            files = dict(part.partition("\n")[::2] for part in parts)
            problems = files.pop("problems").splitlines()
            yield pytest.param(files, problems, id=f"{file.stem}: {name}")


ALL = list(cases())


def problems_of(files, absent=()):
    """Every problem of the good client with ``files`` (name → bytes) in place of its own and without ``absent``."""
    whole = {name: text.encode() for name, text in GOOD.items() if name not in absent} | files
    with pytest.raises(InputError) as refused:
        assemble("acme", whole, forms=FORMS)
    assert refused.value.code == Exit.FAILED
    return list(refused.value.problems)


@pytest.mark.parametrize(("files", "problems"), ALL)
def test_every_problem_is_told_with_its_line(files, problems):
    replaced = {
        name: f"{text}\n".encode() if text else b"" for name, text in files.items() if "(" not in name
    }
    absent = [name.removesuffix(" (absent)") for name in files if "(" in name]
    assert problems_of(replaced, absent) == [line.replace("@/", "inventory/acme/") for line in problems]


def test_the_good_client_is_good():
    inventory = assemble("acme", {name: text.encode() for name, text in GOOD.items()}, forms=FORMS)
    assert (inventory.client.id, [device.name for device in inventory.devices]) == ("acme", ["r1", "r2"])


def test_there_are_enough_cases():
    assert len(ALL) >= 130


BYTES = {
    "tab": (b"id: acme\nsites:\n\thq: {}\n", 3, "not valid YAML: a tab indents this line; use spaces"),
    "NUL": (b'id: acme\nlocale: "e\0n"\n', 2, "the file holds the invisible character U+0000; remove it"),
    "ESC": (b"id: acme\n# \x1b[2J\n", 2, "the file holds the invisible character U+001B; remove it"),
    "^Z": (b"id: acme\n\x1a", 2, "the file holds the invisible character U+001A; remove it"),
    "NEL": ("id: acme\n# \x85\n".encode(), 2, "the file holds the invisible character U+0085; remove it"),
    "line separator": (
        "id: acme\r\nlocale: en\u2028de\n".encode(),
        2,
        "the file holds the invisible character U+2028; remove it",
    ),
    "text that runs backwards": (
        "id: acme\r# \u202e\n".encode(),
        2,
        "the file holds the invisible character U+202E; remove it",
    ),
    "Latin-1": (b'id: acme\nnames: {de: "M\xfcller"}\n', 2, "byte 0xfc is not UTF-8; save the file as UTF-8"),
    "half of a character": (b"id: acme\n# \xc3", 2, "byte 0xc3 is not UTF-8; save the file as UTF-8"),
    "encoded surrogate": (b"# \xed\xa0\x80\n", 1, "byte 0xed is not UTF-8; save the file as UTF-8"),
    "UTF-16": (
        "id: acme\n".encode("utf-16"),
        1,
        "the file begins with a byte order mark; save it as UTF-8 without one",
    ),
    "byte order mark": (
        b"\xef\xbb\xbfid: acme\n",
        1,
        "the file begins with a byte order mark; save it as UTF-8 without one",
    ),
    "a program": (bytes(range(256)), 3, "byte 0x80 is not UTF-8; save the file as UTF-8"),
    "too large": (b"#" * (16 * 1024 * 1024 + 1), 1, "the file is larger than 16 MiB; split it"),
    "brackets": (b"id: " + b"[" * 200_000, 1, "more than 32 levels of nesting; write it flatter"),
    "dashes": (b"id:\n " + b"- " * 200_000 + b"x\n", 2, "more than 32 levels of nesting; write it flatter"),
    "a number without end": (
        b"id: " + b"9" * 5000 + b"\n",
        1,
        f'YAML versions read the number {"9" * 40}… differently; write "{"9" * 40}…" in quotes, or a decimal number',
    ),
}


@pytest.mark.parametrize(("content", "line", "message"), BYTES.values(), ids=BYTES)
def test_bytes_that_are_no_yaml_file(content, line, message):
    assert problems_of({"client.yaml": content}) == [f"inventory/acme/client.yaml:{line}: {message}"]


def test_a_chain_of_groups_ends():
    chain = "".join(f"g{i}: {{groups: [g{i + 1}]}}\n" for i in range(5000)) + "g5000: {}\n"
    problems = problems_of({"groups.yaml": chain.encode()})
    assert problems[0] == (
        "inventory/acme/groups.yaml:1: group g0 inherits through more than 32 groups; make the chain shorter"
    )


def test_groups_that_share_all_their_parents_are_no_bomb():
    layers = [
        f"g{layer}-{i}: {{groups: [{', '.join(f'g{layer + 1}-{j}' for j in range(5))}]}}\n"
        for layer in range(20)
        for i in range(5)
    ]
    groups = "".join(layers) + "".join(f"g20-{i}: {{}}\n" for i in range(5))
    hosts = GOOD["hosts.yaml"].replace("r1: {data:", "r1: {groups: [g0-0], data:")
    files = GOOD | {"groups.yaml": groups, "hosts.yaml": hosts}
    inventory = assemble("acme", {name: text.encode() for name, text in files.items()}, forms=FORMS)
    assert len(inventory.by_name()["r1"].groups) == 1 + 20 * 5


def test_no_secret_is_repeated():
    secret = "hunter2-do-not-show"
    hosts = f"""
r1:
  password: {secret}
  data:
    system: {{snmp: {{community: {secret}}}, users: {{ops: {{password: {secret}}}}}}}
    bgp: {{asn: 64500, neighbors: {{192.0.2.9: {{peer_as: 1, auth_password: {secret}}}}}}}
    extra_config: |
      neighbor 192.0.2.9 password {secret}
  connection_options: {{ssh: {{password: {secret}, extras: {{secret: {secret}, deep: [{{token: {secret}}}]}}}}}}
r2: {{}}
"""
    client = f"id: acme\naccess: {{credentials: {secret}, jump: ['ops:{secret}@bastion']}}\n"
    problems = problems_of({"hosts.yaml": hosts.encode(), "client.yaml": client.encode()})
    assert len(problems) == 10
    assert not [problem for problem in problems if secret in problem]
