"""The wheel works without the repository: its commands, its driver, and the workspace that `netmgr init` makes."""

import importlib.metadata
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The wheel's files on a path of their own."""
    place = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (wheel,) = place.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(place / "site")
    return place / "site"


def netmgr(installed, cwd, *arguments):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("NETMGR_")}
    program = "import sys; from netmgr.cli.main import main; sys.argv[0] = 'netmgr'; main()"
    return subprocess.run(
        [
            sys.executable,
            "-S",
            "-c",
            f"import site, sys; sys.path.insert(0, {str(installed)!r}); "
            f"site.addsitedir({site_packages()!r}); sys.path = [p for p in sys.path if p != {str(ROOT)!r}]; {program}",
            *arguments,
        ],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def site_packages():
    import pydantic

    return str(Path(pydantic.__file__).parent.parent)


def test_a_new_workspace_has_all_that_the_repository_has(installed, tmp_path):
    done = netmgr(installed, tmp_path, "init", "work")
    assert (done.returncode, done.stderr) == (0, "")
    made = {str(p.relative_to(tmp_path / "work")) for p in (tmp_path / "work").rglob("*") if p.is_file()}
    tracked = subprocess.run(
        [
            "git",
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "config",
            "templates",
            "playbooks",
            "inventory",
            "examples",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    ).stdout.split()
    assert made == {*tracked, ".gitignore"}
    checked = netmgr(installed, tmp_path / "work", "validate")
    assert (checked.returncode, checked.stderr) == (0, "")


def test_init_refuses_what_is_not_empty(installed, tmp_path):
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "mine").write_text("keep me\n")
    done = netmgr(installed, tmp_path, "init", "work")
    assert (done.returncode, done.stderr) == (64, "error: work is not empty; name a new directory\n")
    assert [path.name for path in (tmp_path / "work").iterdir()] == ["mine"]


def test_the_installed_code_is_the_wheel_s(installed, tmp_path):
    done = netmgr(installed, tmp_path, "--version")
    assert done.stdout == "netmgr 0.1.0\n"


def test_napalm_s_command_line_finds_the_driver_s_version(installed):
    """It asks for the version of each module named napalm…, and stops at one that has none."""
    (found,) = importlib.metadata.distributions(name="napalm_frr", path=[str(installed)])
    (netmgr_itself,) = importlib.metadata.distributions(name="netmgr", path=[str(installed)])
    assert found.version == netmgr_itself.version


def test_a_report_finds_its_templates_in_the_wheel(installed, tmp_path):
    assert netmgr(installed, tmp_path, "init", "work").returncode == 0
    done = netmgr(installed, tmp_path / "work", "report", "-c", "acme", "--month", "2025-10")
    assert (done.returncode, done.stdout) == (0, "acme-2025-10.html\n"), done.stderr
    assert (tmp_path / "work" / "acme-2025-10.html").read_text().startswith("<!DOCTYPE html>\n")
