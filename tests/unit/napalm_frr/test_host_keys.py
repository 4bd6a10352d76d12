"""A file of known host keys: whoever logs in looks at the lines about one host."""

import paramiko
import pytest
from paramiko.hostkeys import HostKeys, InvalidHostKey

from napalm_frr.host_keys import entries

HOST = "[192.0.2.1]:2222"
KEYS = [paramiko.ECDSAKey.generate() for _ in range(3)]


def line(names, number):
    return f"{names} {KEYS[number].get_name()} {KEYS[number].get_base64()}"


def keys(path, name=HOST):
    return [entry.key for entry in entries(str(path), name)]


@pytest.fixture
def known(tmp_path):
    path = tmp_path / "known_hosts"
    hashed = HostKeys.hash_host(HOST)
    rows = [
        "# ours",
        "",
        line("192.0.2.1", 0),
        line(f"r1,{HOST}", 1),
        f"  {line(hashed, 2)}",
        "r2 ssh-rsa x",
        "r3 ssh-rsa AAAA",
    ]
    path.write_text("\n".join(rows) + "\n")
    return path


def test_lines_about_the_host_and_those_with_hashed_names(known):
    assert keys(known) == [KEYS[1], KEYS[2]]
    assert keys(known, "r1") == [KEYS[1], KEYS[2]]
    assert keys(known, "192.0.2.1") == [KEYS[0], KEYS[2]]
    assert keys(known, "192.0.2.11") == [KEYS[2]]


def test_a_file_that_has_changed_is_read_again(known):
    assert keys(known, "192.0.2.1") == [KEYS[0], KEYS[2]]
    known.write_text(line("192.0.2.1", 1) + "\n")
    assert keys(known, "192.0.2.1") == [KEYS[1]]


def test_a_broken_line_spoils_the_login_to_its_own_host_alone(known):
    assert keys(known) == [KEYS[1], KEYS[2]]
    with pytest.raises(InvalidHostKey):
        keys(known, "r2")
    assert keys(known, "r3") == [KEYS[2]]


def test_no_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        keys(tmp_path / "known_hosts")
