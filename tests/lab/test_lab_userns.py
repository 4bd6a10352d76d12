"""Machines that forbid user namespaces: the error names the setting."""

import os
import subprocess
import sys

import pytest

from netmgr.lab.userns import obstacle
from tests.lab.bench import LIMIT, network

CASES = [
    ({}, False, None),
    ({"user/max_user_namespaces": "15000", "kernel/unprivileged_userns_clone": "1"}, False, None),
    (
        {"user/max_user_namespaces": "0"},
        True,
        "this machine forbids user namespaces, which the lab needs: max_user_namespaces is 0; "
        "an administrator allows them with `sysctl -w user.max_user_namespaces=15000`",
    ),
    (
        {"user/max_user_namespaces": "100", "kernel/unprivileged_userns_clone": "0"},
        False,
        "this machine forbids user namespaces, which the lab needs: unprivileged_userns_clone is 0; "
        "an administrator allows them with `sysctl -w kernel.unprivileged_userns_clone=1`",
    ),
    ({"kernel/unprivileged_userns_clone": "0"}, True, None),
    (
        {"kernel/apparmor_restrict_unprivileged_userns": "1"},
        False,
        "this machine forbids user namespaces, which the lab needs: apparmor_restrict_unprivileged_userns is 1; "
        "an administrator allows them with `sysctl -w kernel.apparmor_restrict_unprivileged_userns=0`",
    ),
    ({"kernel/apparmor_restrict_unprivileged_userns": "0"}, False, None),
    ({"kernel/apparmor_restrict_unprivileged_userns": "1"}, True, None),
]


@pytest.mark.parametrize(("settings", "privileged", "message"), CASES)
def test_obstacle(tmp_path, settings, privileged, message):
    for name, value in settings.items():
        path = tmp_path / "proc/sys" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{value}\n")
    assert obstacle(tmp_path, privileged=privileged) == message


SCRIPT = """
import sys
from pathlib import Path
from netmgr.errors import LabError
from netmgr.lab.frr.lab import FrrLab
from netmgr.lab.kit import LabKit
from netmgr.model.lab import LabNetwork
from netmgr.ports.progress import Silent
try:
    if sys.argv[1] == "up":
        FrrLab(Path(sys.argv[2]), LabKit()).up(LabNetwork.model_validate_json(sys.argv[3]), Silent())
    else:
        LabKit().setup(print)
except LabError as error:
    print(error)
"""


@pytest.mark.lab
@pytest.mark.parametrize("command", ["up", "setup"])
def test_a_machine_without_user_namespaces(kit, tmp_path, command):
    # The limit counts for each user namespace: in one of its own, a process can be such a machine.
    inner = [
        sys.executable,
        "-c",
        SCRIPT,
        command,
        str(tmp_path / "lab"),
        network("x", "a").model_dump_json(),
    ]
    forbid = 'echo 0 >/proc/sys/user/max_user_namespaces; exec "$@"'
    argv = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", forbid, "sh", *inner]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=LIMIT, env=environment)
    assert done.stderr == ""
    assert done.stdout == (
        "this machine forbids user namespaces, which the lab needs: max_user_namespaces is 0; "
        "an administrator allows them with `sysctl -w user.max_user_namespaces=15000`\n"
    )
    if command == "up":
        assert list((tmp_path / "lab").iterdir()) == []
