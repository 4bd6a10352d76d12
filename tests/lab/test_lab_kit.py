"""``lab setup``: what is there is used, what is missing is fetched once; with real apt from a local package source."""

import hashlib
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from netmgr.errors import LabError
from netmgr.lab import debian, kit
from netmgr.lab.kit import LabKit, default_cache
from tests.lab.bench import ignore

pytestmark = pytest.mark.lab

#: Packages of the source: (files, dependencies). Debian's own ping is in /bin and traceroute's link is not packed.
PACKAGES = {
    "frr": (
        [
            *(
                f"usr/lib/frr/{name}"
                for name in ("frrinit.sh", "watchfrr", "zebra", "staticd", "bgpd", "ospfd", "ospf6d")
            ),
            "usr/bin/vtysh",
            "etc/frr/daemons",
        ],
        "libc6 (>= 2.34), libyang2, awk | mawk",
    ),
    "libyang2": (["usr/lib/libyang.so.2"], "libc6"),
    "frr-pythontools": (["usr/lib/frr/frr-reload.py"], "frr (>= 8), python3:any"),
    "python3": (["usr/bin/python3"], ""),
    "openssh-server": (["usr/sbin/sshd"], "libc6"),
    "iproute2": (["bin/ip", "usr/bin/ip-extra"], ""),
    "iputils-ping": (["bin/ping"], ""),
    "traceroute": (["usr/bin/traceroute.db"], ""),
    "procps": (["bin/ps"], ""),
    "lldpd": (["usr/sbin/lldpd"], ""),
}
INSTALLED = {"libc6": "2.36-9", "mawk": "1.3", "procps": "4.0"}


@dataclass
class Machine:
    """A Debian system below ``root`` whose package source is a directory."""

    root: Path
    source: Path

    def install(self, **versions: str) -> None:
        status = self.root / "var/lib/dpkg/status"
        status.parent.mkdir(parents=True, exist_ok=True)
        entries = (
            f"Package: {name}\nStatus: install ok installed\nVersion: {version}\nArchitecture: all\n"
            f"Maintainer: x <x@example.org>\nDescription: x\n"
            for name, version in versions.items()
        )
        status.write_text("\n".join(entries))

    def release(self, version: str) -> None:
        (self.root / "etc/os-release").write_text(f'NAME="Debian"\nID=debian\nVERSION_ID="{version}"\n')

    def put(self, *names: str) -> None:
        for name in names:
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / name).touch()


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Path:
    """A package source in a directory: apt's flat format."""
    directory = tmp_path_factory.mktemp("source")
    index = []
    for name, (files, depends) in PACKAGES.items():
        tree = directory / "trees" / name
        control = f"Package: {name}\nVersion: 9.1\nArchitecture: all\nMaintainer: x <x@example.org>\n"
        control += f"Depends: {depends}\n" if depends else ""
        control += "Multi-Arch: allowed\n" if name == "python3" else ""
        for file in files:
            (tree / file).parent.mkdir(parents=True, exist_ok=True)
            (tree / file).write_text(name)
        (tree / "DEBIAN").mkdir()
        (tree / "DEBIAN/control").write_text(control + "Description: x\n")
        archive = directory / f"{name}.deb"
        subprocess.run(["dpkg-deb", "--build", tree, archive], check=True, capture_output=True)
        digest = hashlib.sha256(archive.read_bytes()).hexdigest()
        size = archive.stat().st_size
        index.append(f"{control}Filename: ./{archive.name}\nSize: {size}\nSHA256: {digest}\nDescription: x\n")
    (directory / "Packages").write_text("\n".join(index))
    return directory


@pytest.fixture
def machine(tmp_path, source) -> Machine:
    machine = Machine(tmp_path / "host", source)
    machine.install(**INSTALLED)
    machine.put("usr/bin/ps", "etc/apt/sources.list", "etc/os-release")
    (machine.root / "etc/apt/apt.conf.d").mkdir()
    (machine.root / "etc/apt/sources.list").write_text(f"deb [trusted=yes] copy:{source} ./\n")
    machine.release("12")
    return machine


@pytest.fixture
def cache(tmp_path) -> Path:
    return tmp_path / "the cache"


def kits(cache: Path) -> list[str]:
    return sorted(path.name for path in (cache / "lab").iterdir())


def test_what_is_missing_is_fetched_and_unpacked(machine, cache):
    steps: list[str] = []
    made = LabKit(cache, machine.root).setup(steps.append)
    assert steps == [
        "fetching the package lists",
        "fetching frr, frr-pythontools, openssh-server, iproute2, iputils-ping, traceroute, procps, lldpd "
        "and what they need",
        "unpacking 9 packages",
    ]
    assert made.root is not None
    assert kits(cache) == [".lock", made.root.name]
    assert made.description == f"FRR 9.1 with 9 packages unpacked in {made.root} (debian 12)"
    manifest = kit.Manifest.model_validate_json((made.root / "kit.json").read_text())
    assert manifest.unpacked == {name: "9.1" for name in PACKAGES if name != "procps"}
    assert manifest.host == INSTALLED
    assert manifest.release == "debian 12"
    files = {str(path.relative_to(made.root)) for path in made.root.rglob("*") if not path.is_dir()}
    packed = {file for name, (files, _) in PACKAGES.items() if name != "procps" for file in files}
    merged = {f"usr/{file}" if file.startswith("bin/") else file for file in packed}
    assert files == merged | {"usr/bin/traceroute", "kit.json"}
    assert (made.root / "usr/bin/traceroute").read_text() == "traceroute"


def test_a_second_setup_fetches_nothing(machine, cache, monkeypatch):
    made = LabKit(cache, machine.root).setup(ignore)
    monkeypatch.setattr(kit, "fetch", None)
    steps: list[str] = []
    assert LabKit(cache, machine.root).setup(steps.append) == made
    assert LabKit(cache, machine.root).locate() == made
    assert steps == []


def test_a_host_with_everything_needs_no_kit(machine, cache, monkeypatch):
    machine.put(*kit._PROGRAMS)
    monkeypatch.setattr(kit, "fetch", None)
    assert LabKit(cache, machine.root).setup(ignore).root is None
    assert not cache.exists()


def test_what_is_not_set_up_is_named(machine, cache):
    machine.put("usr/sbin/sshd", "usr/bin/ip")
    with pytest.raises(LabError) as refused:
        LabKit(cache, machine.root).locate()
    assert str(refused.value) == (
        "the lab needs frr, frr-pythontools, iputils-ping, traceroute, lldpd, which this machine lacks; "
        "run `netmgr lab setup`"
    )


@pytest.mark.parametrize("upgrade", ["package", "release", "removal"])
def test_another_host_needs_another_kit(machine, cache, upgrade):
    old = LabKit(cache, machine.root).setup(ignore)
    if upgrade == "package":
        machine.install(**{**INSTALLED, "libc6": "2.36-10"})
    elif upgrade == "release":
        machine.release("13")
    else:
        machine.install(libc6="2.36-9", mawk="1.3")
        (machine.root / "usr/bin/ps").unlink()
    with pytest.raises(LabError, match=r"run `netmgr lab setup`$"):
        LabKit(cache, machine.root).locate()
    new = LabKit(cache, machine.root).setup(ignore)
    assert old.root
    assert new.root
    assert kits(cache) == sorted([".lock", old.root.name, new.root.name])
    assert LabKit(cache, machine.root).locate() == new


def test_an_unrelated_package_changes_nothing(machine, cache):
    made = LabKit(cache, machine.root).setup(ignore)
    machine.install(**INSTALLED, hello="2.10")
    assert LabKit(cache, machine.root).locate() == made


def test_setups_at_once_make_one_kit(machine, cache):
    steps: list[str] = []
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: LabKit(cache, machine.root).setup(steps.append), range(4)))
    assert len(set(made)) == 1
    assert len(steps) == 3
    assert len(kits(cache)) == 2


def test_an_incomplete_kit_is_made_again(machine, cache):
    made = LabKit(cache, machine.root).setup(ignore)
    assert made.root
    (made.root / "usr/lib/frr/zebra").unlink()
    with pytest.raises(LabError, match=r"^the lab needs frr, "):
        LabKit(cache, machine.root).locate()
    assert LabKit(cache, machine.root).setup(ignore) == made
    assert (made.root / "usr/lib/frr/zebra").exists()


def test_what_a_killed_setup_left_is_removed(machine, cache):
    (cache / "lab/.new-left/usr").mkdir(parents=True)
    made = LabKit(cache, machine.root).setup(ignore)
    assert made.root
    assert kits(cache) == [".lock", made.root.name]


def test_the_host_s_apt_hooks_do_not_run(machine, cache, tmp_path):
    mark = tmp_path / "mark"
    events = ("Pre-Invoke", "Post-Invoke", "Post-Invoke-Success")
    hooks = "".join(f'APT::Update::{event} {{ "touch {mark}"; }};\n' for event in events)
    cleaning = 'Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache "";\n'  # as Docker's images have it
    (machine.root / "etc/apt/apt.conf.d/docker-clean").write_text(hooks + cleaning)
    assert LabKit(cache, machine.root).setup(ignore).root
    assert not mark.exists()


def test_a_source_that_cannot_be_reached(machine, cache):
    (machine.root / "etc/apt/sources.list").write_text("deb [trusted=yes] copy:/nowhere ./\n")
    with pytest.raises(LabError) as refused:
        LabKit(cache, machine.root).setup(ignore)
    assert str(refused.value).startswith("apt-get cannot get the lab's packages: E: ")
    assert str(refused.value).endswith(
        "; check the network and the package sources, then run `netmgr lab setup` again"
    )
    assert "\n" not in str(refused.value)
    assert kits(cache) == [".lock"]


def test_a_source_without_frr(machine, cache, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty/Packages").touch()
    (machine.root / "etc/apt/sources.list").write_text(f"deb [trusted=yes] copy:{tmp_path / 'empty'} ./\n")
    with pytest.raises(LabError, match="E: Unable to locate package frr"):
        LabKit(cache, machine.root).setup(ignore)


def test_a_machine_without_apt(machine, cache, tmp_path, monkeypatch):
    monkeypatch.setattr(debian, "SYSTEM_PATH", str(tmp_path))
    with pytest.raises(LabError) as refused:
        LabKit(cache, machine.root).setup(ignore)
    assert str(refused.value) == (
        "this machine has no apt-get, so the lab cannot fetch frr, frr-pythontools, openssh-server, iproute2, "
        "iputils-ping, traceroute, procps, lldpd; install them with its own package manager, in Debian's file layout"
    )


def test_a_cache_that_cannot_be_written(machine, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(LabError) as refused:
        LabKit(tmp_path / "file", machine.root).setup(ignore)
    assert str(refused.value) == (
        f"the lab's cache cannot be written: [Errno 20] Not a directory: '{tmp_path}/file/lab'; "
        "set XDG_CACHE_HOME to a directory that can"
    )


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"HOME": "/home/x"}, "/home/x/.cache/netmgr"),
        ({"HOME": "/home/x", "XDG_CACHE_HOME": ""}, "/home/x/.cache/netmgr"),
        ({"HOME": "/home/x", "XDG_CACHE_HOME": "relative"}, "/home/x/.cache/netmgr"),
        ({"HOME": "/home/x", "XDG_CACHE_HOME": "/var/tmp/c"}, "/var/tmp/c/netmgr"),
    ],
)
def test_default_cache(monkeypatch, environment, expected):
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert default_cache() == Path(expected)


def test_setup_says_what_the_real_lab_uses(kit):
    steps: list[str] = []
    assert kit.setup(steps.append) == kit.locate()
    assert steps == []
    assert shutil.which("apt-get")
