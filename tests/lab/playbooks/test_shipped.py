"""The playbooks of every workspace, on hosts with a Debian of their own: what they promise, held against the hosts."""

import hashlib
import json
import subprocess
from pathlib import Path

import pytest

from tests.lab.playbooks.office import Office, office_of

pytestmark = pytest.mark.lab

PASSWORD = 'D4t4b4se;Pass"word'
FILES = {
    "config/netmgr.yaml": "lab: {debian_hosts: true}\n",
    "inventory/office/client.yaml": "id: office\n",
    "inventory/office/hosts.yaml": "web: {platform: linux}\ndb: {platform: linux, data: {role: database}}\n",
    "secrets/office/database": PASSWORD,
}
DATABASE = {
    "postgresql_host": "127.0.0.1",
    "postgresql_user": "keeper",
    "postgresql_password": "secret://file/database",
}
#: PostgreSQL does not run as root, which everybody is on a host of the lab; in a namespace of its own it is itself.
SERVER = """
bin=$(echo /usr/lib/postgresql/*/bin); data=/var/lib/postgresql/lab; mkdir "$data"; printf %s "$1" > /run/word
exec unshare --user --map-user="$(id -u postgres)" --map-group="$(id -g postgres)" sh -euc "
  $bin/initdb --auth=scram-sha-256 --pwfile=/run/word --username=keeper --no-sync --pgdata=$data
  $bin/pg_ctl --wait --pgdata=$data --options='-c fsync=off' --log=$data/log start" > /dev/null
"""
#: A package in two versions, the newer one in the only source of packages that the host has.
PACKAGE = """
build() {
  tree=$(mktemp -d); chmod 755 "$tree"; mkdir -p "$tree/DEBIAN" "$tree/usr/share/lab-demo"
  echo "$1" > "$tree/usr/share/lab-demo/version"
  printf 'Package: lab-demo\\nVersion: %s\\nArchitecture: all\\n' "$1" > "$tree/DEBIAN/control"
  printf 'Maintainer: Lab <lab@example.net>\\nDescription: demo\\n' >> "$tree/DEBIAN/control"
  dpkg-deb --root-owner-group --build "$tree" "/srv/source/lab-demo_$1_all.deb"
}
mkdir /srv/source; cd /srv/source; rm -f /etc/apt/sources.list.d/*
echo 'deb [trusted=yes] file:/srv/source ./' > /etc/apt/sources.list
build 1.0; dpkg --install lab-demo_1.0_all.deb; build 2.0; new=lab-demo_2.0_all.deb
{ dpkg-deb --field "$new"; echo "Filename: ./$new"; echo "Size: $(stat -c %s "$new")"
  echo "SHA256: $(sha256sum "$new" | cut -d ' ' -f 1)"; } > Packages
"""


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    with office_of(tmp_path_factory.mktemp("shipped"), FILES) as office:
        yield office


def variables(office: Office, **said: dict) -> None:
    office.write(
        "inventory/office/playbooks.yaml", json.dumps({name: {"variables": said[name]} for name in said})
    )


def said(run: dict, device: str, task: str) -> str:
    (host,) = (host for host in run["devices"] if host["device"] == device)
    (found,) = (each["message"] for each in host["tasks"] if each["task"] == task)
    return found


def of_this_machine() -> dict[str, str]:
    names = ("/etc/passwd", "/etc/shadow", "/etc/group", "/var/lib/dpkg/status")
    return {
        name: hashlib.sha256(Path(name).read_bytes()).hexdigest() for name in names if Path(name).exists()
    }


def sh(office: Office, device: str, script: str, *words: str) -> str:
    return office.on(device, "sh", "-euc", script, "sh", *words)


def test_a_host_sees_nothing_of_this_machine(office):
    """Not even the directory that this test lies in, nor a file system of this machine's."""
    assert sh(office, "web", "ls -d /work /home/* /root/.cache 2>/dev/null || echo none") == "none\n"
    mounts = sh(office, "web", "cut -d ' ' -f 2,3 /proc/mounts").splitlines()
    assert {line for line in mounts if line.split()[0] in ("/", "/usr", "/etc", "/var/lib/dpkg")} == {
        "/ overlay"
    }


def test_facts_are_told_and_change_nothing(office):
    run = office.play("facts")
    assert run["outcome"] == "ok"
    facts = json.loads(said(run, "web", "Facts"))
    assert facts["kernel"] == office.on("web", "uname", "-r").strip()
    assert (facts["system"].split()[0], facts["restart_needed"]) == ("Debian", False)
    assert "Facts: " in next(entry["text"] for entry in office.log() if entry.get("device") == "web")


FILL = """
mkdir -p "/srv/data/a b/.hidden"; cd /srv/data; head -c 300000 /dev/urandom > "a b/random"
: > empty; ln -s "a b/random" link
printf 'with\\nbreak' > "a b/.hidden/-x"; chmod 640 "a b/random"; chmod 700 "a b"; touch -d @1 empty
"""
LOOK = "cd /srv/data; find . -printf '%p %m %s %T@ %l\\n' | sort; find . -type f -print0 | sort -z | xargs -0 sha256sum"


@pytest.mark.parametrize("keeper", [pytest.param("web", marks=pytest.mark.faults), "db"])
def test_files_are_destroyed_and_restored_equal(office, keeper):
    sh(office, "web", f"rm -rf /srv/data; {FILL}")
    before = sh(office, "web", LOOK)
    host = {"backup_host": keeper, "backup_keep": 1}
    variables(office, **{"backup-files": {"backup_paths": ["/srv/data"], **host}, "restore-files": host})
    kept = said(office.play("backup-files", "-l", "web"), "web", "Kept")
    assert f" on {keeper}, SHA-256 " in kept
    assert sh(office, keeper, "ls /var/backups/netmgr/web").split() == [
        kept.split()[0],
        f"{kept.split()[0]}.sha256",
    ]
    sh(office, "web", "rm -rf /srv/data")
    run = office.play("restore-files", "-l", "web")
    assert said(run, "web", "Restored") == f"{kept.split()[0]}: every file is equal to it"
    assert sh(office, "web", LOOK) == before
    sh(office, keeper, 'for archive in /var/backups/netmgr/web/*.tar; do printf x >> "$archive"; done')
    refused = office.play("restore-files", "-l", "web", code=1)
    assert "1 computed checksum did NOT match" in refused["devices"][0]["error"]


SQL = "PGPASSWORD=$1 psql -h 127.0.0.1 -U keeper -qX -v ON_ERROR_STOP=1 -d postgres"
DUMP = f"{SQL} -d shop -Atc 'SELECT count(*), md5(string_agg(t::text, chr(10))) FROM t'"


def test_a_database_is_destroyed_and_restored_equal(office):
    sh(office, "db", SERVER, PASSWORD)
    made = "CREATE TABLE t (i int PRIMARY KEY, s text); CREATE INDEX ON t (s);"
    rows = "INSERT INTO t SELECT g, repeat(E'\\\\t\\n\\\\\\\\' || g, 3) FROM generate_series(1, 3000) g"
    sh(office, "db", f"{SQL} -c 'CREATE DATABASE shop'", PASSWORD)
    sh(office, "db", f'{SQL} -d shop -c "$2"', PASSWORD, f"{made} {rows}")
    before = sh(office, "db", DUMP, PASSWORD)
    assert before.startswith("3000|")
    variables(
        office,
        **{
            "backup-postgresql": {"postgresql_databases": ["shop"], **DATABASE},
            "restore-postgresql": {"postgresql_database": "shop", **DATABASE},
        },
    )
    kept = said(office.play("backup-postgresql"), "db", "Kept")
    assert kept.endswith(": restored and dumped again, equal")
    sh(office, "db", f"{SQL} -c 'DROP DATABASE shop'", PASSWORD)
    run = office.play("restore-postgresql")
    assert said(run, "db", "Restored").endswith("equal; there was no shop")
    assert sh(office, "db", DUMP, PASSWORD) == before
    sh(office, "db", f"{SQL} -d shop -c 'DELETE FROM t'", PASSWORD)
    run = office.play("restore-postgresql")
    assert "equal; what was there is shop_before_" in said(run, "db", "Restored")
    assert sh(office, "db", DUMP, PASSWORD) == before
    left = sh(office, "db", f"{SQL} -Atc 'SELECT datname FROM pg_database ORDER BY 1'", PASSWORD).split()
    assert [name for name in left if name.startswith("netmgr_")] == []
    assert PASSWORD not in json.dumps(office.log())


def key(directory: Path, name: str) -> tuple[str, str]:
    subprocess.run(
        ["ssh-keygen", "-qt", "ed25519", "-N", "", "-C", name, "-f", str(directory / name)], check=True
    )
    return (directory / name).read_text(), (directory / f"{name}.pub").read_text().strip()


@pytest.mark.faults
def test_a_login_s_key_is_rotated_once_the_new_one_was_tried(office, tmp_path):
    (_, old), (new_private, new), (wrong, _) = (key(tmp_path, name) for name in ("old", "new", "wrong"))
    keys = "/root/.ssh/authorized_keys"
    first = office.on("web", "cat", keys).strip()
    sh(office, "web", f'echo "$1" >> {keys}', old)
    variables(
        office,
        **{
            "rotate-ssh-keys": {
                "new_public_key": new,
                "new_private_key": "secret://file/next",
                "old_public_key": old,
            }
        },
    )
    office.write("secrets/office/next", wrong)
    office.play("rotate-ssh-keys", "-l", "web", code=3)
    assert office.on("web", "cat", keys).splitlines() == [first, old, new]
    office.write("secrets/office/next", new_private)
    (office.root / "secrets/office/next").chmod(0o600)
    assert office.play("rotate-ssh-keys", "-l", "web")["outcome"] == "changed"
    assert office.on("web", "cat", keys).splitlines() == [first, new]
    assert new_private.splitlines()[2] not in json.dumps(office.log())


def test_accounts_are_made_and_removed_there_and_not_here(office):
    here = of_this_machine()
    sh(office, "web", "useradd --create-home bert")
    anna = {
        "name": "anna",
        "comment": "Anna",
        "groups": ["adm"],
        "ssh_keys": ["ssh-ed25519 AAAA anna"],
        "sudo": True,
    }
    variables(office, accounts={"accounts": [anna, {"name": "bert", "state": "absent"}]})
    office.play("accounts", "-l", "web")
    assert sh(office, "web", "getent passwd anna bert || :; id -nG anna") == (
        "anna:x:1001:1001:Anna:/home/anna:/bin/bash\nanna adm\n"
    )
    assert office.on("web", "cat", "/home/anna/.ssh/authorized_keys") == "ssh-ed25519 AAAA anna\n"
    assert office.on("web", "cat", "/etc/sudoers.d/netmgr-anna") == "anna ALL=(ALL:ALL) NOPASSWD: ALL\n"
    assert of_this_machine() == here


def test_updates_are_installed_there_and_not_here(office):
    here = of_this_machine()
    sh(office, "web", PACKAGE)
    run = office.play("updates", "-l", "web")
    assert json.loads(said(run, "web", "Updated"))["packages"] == ["lab-demo 2.0"]
    assert office.on("web", "cat", "/usr/share/lab-demo/version") == "2.0\n"
    assert office.play("updates", "-l", "web")["outcome"] == "ok"
    assert of_this_machine() == here
