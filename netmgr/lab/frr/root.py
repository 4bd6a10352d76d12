"""File systems of the lab: a stage that all routers share, and each router's own small root.

A router sees the host's /usr and /etc with the kit laid over them, read-only, and nothing else of the host: no home
directory and no workspace. Everything it can write is a tmpfs of its own, except /var/log, which is in the lab's state.
"""

import os
from pathlib import Path

from netmgr.lab.frr import files
from netmgr.lab.frr.order import LabOrder, RouterOrder
from netmgr.lab.frr.syscalls import Mount, bind, change_root, mount

_DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
_DIRECTORIES = (
    ("usr etc proc sys dev mnt media srv opt home run/sshd run/frr run/lock var/lib/ssh var/lib/frr "
     "var/cache var/spool var/log").split()
)  # fmt: skip


def build_stage(order: LabOrder) -> Path:
    """In the supervisor's new namespaces: mount the shared parts, lay the kit over the supervisor's own /usr.

    Returns the stage: ``usr``, ``etc`` and the empty directory ``router``, where each router builds its root.
    """
    mount("none", "/", flags=Mount.RECURSIVE | Mount.PRIVATE)
    mount("proc", "/proc", "proc", Mount.NO_SUID | Mount.NO_DEVICES | Mount.NO_EXEC)
    stage = Path(order.state, "root")
    # The kit and the host's tools are wanted below a path without the characters that overlayfs gives a meaning.
    kit = os.open(order.kit, os.O_PATH) if order.kit else None
    mount("lab", stage, "tmpfs", Mount.NO_DEVICES, "mode=755,size=16m")
    for name in ("empty", "usr", "etc", "etc-of-lab", "router"):
        (stage / name).mkdir()
    for name, text in files.SHARED_ETC.items():
        path = stage / "etc-of-lab" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    for name in ("frr", "hostname", "hosts", "resolv.conf"):  # what each router mounts or sees as its own
        path = stage / "etc-of-lab" / name
        path.mkdir() if name == "frr" else path.touch()
    _overlay(stage / "usr", *([_kit_part(kit, "usr")] if kit is not None else [_descriptor(stage / "empty")]), "/usr")
    _overlay(stage / "etc", _descriptor(stage / "etc-of-lab"),
             *([_kit_part(kit, "etc")] if kit is not None else []), "/etc")  # fmt: skip
    bind(stage / "usr", "/usr")  # for `ip`, which the host may lack
    return stage


def enter_router_root(stage: Path, order: LabOrder, router: RouterOrder) -> None:
    """In the router's new namespaces: build its root on ``stage``/router and change into it."""
    root = stage / "router"
    logs = Path(order.state, "log", router.device)
    mount("router", root, "tmpfs", Mount.NO_DEVICES, "mode=755,size=64m")
    for name in _DIRECTORIES:
        (root / name).mkdir(parents=True)
    for name in ("tmp", "var/tmp"):
        (root / name).mkdir()
        (root / name).chmod(0o1777)
    (root / "root/.ssh").mkdir(parents=True)
    for name in ("root", "root/.ssh"):
        (root / name).chmod(0o700)
    (root / "var/run").symlink_to("/run")
    (root / "var/lock").symlink_to("/run/lock")
    for name in ("bin", "sbin", "lib", "lib32", "lib64", "libx32"):
        _like_host(root, name)
    bind(stage / "usr", root / "usr")
    bind(stage / "etc", root / "etc")
    bind(logs, root / "var/log")
    _kernel_file_systems(root)
    _devices(root)
    mount("startup", root / "etc/frr", "tmpfs", Mount.NO_DEVICES, "mode=775,size=4m")
    _write(root / "var/lib/ssh/host_key", router.host_key, 0o600)
    _write(root / "root/.ssh/authorized_keys", order.login_key, 0o600)
    _write(root / "run/hostname", router.device + "\n")
    _write(root / "run/hosts", files.hosts(router))
    bind(root / "run/hostname", root / "etc/hostname")
    bind(root / "run/hosts", root / "etc/hosts")
    if router.daemons:
        _write(root / "etc/frr/frr.conf", files.frr_conf(router), 0o640)
        _write(root / "etc/frr/daemons", files.daemons(router), 0o640)
        _write(root / "etc/frr/vtysh.conf", "service integrated-vtysh-config\n", 0o640)
        _write(root / "etc/frr/support_bundle_commands.conf", "", 0o640)
    change_root(root)


def _overlay(target: Path, *layers: str) -> None:
    """Mount the layers, the uppermost first, read-only on ``target``."""
    mount("overlay", target, "overlay", Mount.READ_ONLY | Mount.NO_DEVICES, f"lowerdir={':'.join(layers)}")


def _descriptor(path: Path) -> str:
    """A path to ``path`` that needs no escaping in mount options, valid while this process lives."""
    return f"/proc/self/fd/{os.open(path, os.O_PATH)}"


def _kit_part(kit: int, name: str) -> str:
    return f"/proc/self/fd/{os.open(name, os.O_PATH, dir_fd=kit)}"


def _like_host(root: Path, name: str) -> None:
    """/bin and its like: a link into /usr where the host has merged them, else the host's directory."""
    host = Path("/", name)
    if host.is_symlink():
        (root / name).symlink_to(host.readlink())
    elif host.is_dir():
        (root / name).mkdir()
        bind(host, root / name)


def _kernel_file_systems(root: Path) -> None:
    safe = Mount.NO_SUID | Mount.NO_DEVICES | Mount.NO_EXEC
    mount("proc", root / "proc", "proc", safe)
    mount("sysfs", root / "sys", "sysfs", safe)


def _devices(root: Path) -> None:
    device = root / "dev"
    for name in _DEVICES:
        (device / name).touch()
        bind(Path("/dev", name), device / name)
    for name in ("pts", "shm"):
        (device / name).mkdir()
    (device / "shm").chmod(0o1777)
    # A private devpts: on the host's, opening a pty would need the host's group tty and would hang.
    mount("devpts", device / "pts", "devpts", Mount.NO_SUID | Mount.NO_EXEC, "newinstance,ptmxmode=0666,mode=0620")
    for name, target in (("ptmx", "pts/ptmx"), ("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"),
                         ("stdout", "/proc/self/fd/1"), ("stderr", "/proc/self/fd/2")):  # fmt: skip
        (device / name).symlink_to(target)


def _write(path: Path, text: str, mode: int = 0o644) -> None:
    path.write_text(text, "utf-8")
    path.chmod(mode)
