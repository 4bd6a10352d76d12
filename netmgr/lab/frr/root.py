"""File systems of the lab: a stage that all routers share, and each router's own small root.

A router sees the host's /usr and /etc with the kit laid over them, read-only, and nothing else of the host: no home
directory and no workspace. What it can write is in memory and its own, except /var/log, which is in the lab's state.
"""

import os
from pathlib import Path

from netmgr.lab.frr import files
from netmgr.lab.frr.order import LabOrder, RouterOrder
from netmgr.lab.frr.syscalls import Mount, bind, change_root, mount

_DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
_DIRECTORIES = (
    *("usr", "etc", "proc", "sys", "dev", "mnt", "media", "srv", "opt", "home"),
    *("run/sshd", "run/frr", "run/lock", "run/lldpd"),
    *("var/lib/ssh", "var/lib/frr", "var/cache", "var/spool", "var/log"),
)
SAFE = Mount.NO_SUID | Mount.NO_DEVICES | Mount.NO_EXEC
_STARTUP_SIZE = "4m"


def build_stage(order: LabOrder) -> Path:
    """In the supervisor's new namespaces: mount what all routers share, and /usr with the kit for the supervisor too.

    Returns the stage: directories ``usr`` and ``etc``, and ``router``, where each router builds its root.
    """
    mount("none", "/", flags=Mount.RECURSIVE | Mount.SLAVE)  # what the host unmounts goes away here too
    mount("proc", "/proc", "proc", SAFE)
    stage = Path(order.state, "root")
    mount("lab", stage, "tmpfs", Mount.NO_DEVICES, "mode=755,size=16m")
    for name in ("usr", "etc", "etc-of-lab", "router"):
        (stage / name).mkdir()
    kit = Path(order.kit) if order.kit else stage
    overlay(stage / "usr", kit / "usr", Path("/usr"))
    bind(stage / "usr", "/usr")  # for `ip`, which the host may lack
    _write_etc(stage / "etc-of-lab", stage / "usr/sbin/sshd")
    overlay(stage / "etc", stage / "etc-of-lab", kit / "etc", Path("/etc"))
    return stage


def enter_router_root(stage: Path, order: LabOrder, router: RouterOrder) -> None:
    """In the router's new namespaces: build its root on ``stage``/router and change into it."""
    root = stage / "router"
    mount("router", root, "tmpfs", Mount.NO_DEVICES, "mode=755,size=64m")
    for name in _DIRECTORIES:
        (root / name).mkdir(parents=True)
    for name in ("tmp", "var/tmp"):
        (root / name).mkdir()
        (root / name).chmod(0o1777)
    (root / "var/run").symlink_to("/run")
    (root / "var/lock").symlink_to("/run/lock")
    for name in ("bin", "sbin", "lib", "lib32", "lib64", "libx32"):
        _as_on_host(root, name)
    bind(stage / "usr", root / "usr")
    bind(stage / "etc", root / "etc")
    bind(Path(order.state, "log", router.device), root / "var/log")
    mount("proc", root / "proc", "proc", SAFE)
    mount("sysfs", root / "sys", "sysfs", SAFE)
    mount_devices(root / "dev")
    _write_own_files(root, order, router)
    change_root(root)


def overlay(target: Path, *layers: Path) -> None:
    """Mount the layers, the uppermost first, read-only on ``target``."""
    # In mount options a path needs escapes for characters that a home directory may have; a descriptor needs none.
    descriptors = [os.open(layer, os.O_PATH) for layer in layers]
    names = ":".join(f"/proc/self/fd/{descriptor}" for descriptor in descriptors)
    mount("overlay", target, "overlay", Mount.READ_ONLY | Mount.NO_DEVICES, f"lowerdir={names}")
    for descriptor in descriptors:
        os.close(descriptor)


def _write_etc(etc: Path, sshd: Path) -> None:
    """What of /etc replaces the host's in every router, and places for what each router mounts as its own."""
    penalties = (
        b"persourcepenalties" in sshd.read_bytes()
    )  # its parser's keywords are in the program as they are
    for name, text in {**files.SHARED_ETC, "ssh/sshd_config": files.sshd_config(penalties=penalties)}.items():
        (etc / name).parent.mkdir(exist_ok=True)
        (etc / name).write_text(text, "utf-8")
    (etc / "frr").mkdir()
    for name in ("hostname", "hosts"):
        (etc / name).touch()


def _write_own_files(root: Path, order: LabOrder, router: RouterOrder) -> None:
    # FRR's startup configuration has a file system of its own, so that it can be full without anything else suffering.
    mount("startup", root / "etc/frr", "tmpfs", Mount.NO_DEVICES, f"mode=775,size={_STARTUP_SIZE}")
    if router.routing:
        for name, text in files.startup_files(router).items():
            write(root / "etc/frr" / name, text, 0o640)
    (root / "root/.ssh").mkdir(parents=True)
    for name in ("root", "root/.ssh"):
        (root / name).chmod(0o700)
    write(root / "root/.ssh/authorized_keys", order.login_key, 0o600)
    write(root / "var/lib/ssh/host_key", router.host_key, 0o600)
    for name, text in (("hostname", f"{router.device}\n"), ("hosts", files.hosts(router))):
        write(root / "run" / name, text, 0o644)
        bind(root / "run" / name, root / "etc" / name)


def _as_on_host(root: Path, name: str) -> None:
    """/bin and its like: a link into /usr where the host has merged them, else the host's directory."""
    host = Path("/", name)
    if host.is_symlink():
        (root / name).symlink_to(host.readlink())
    elif host.is_dir():
        (root / name).mkdir()
        bind(host, root / name)


def mount_devices(dev: Path) -> None:
    """The devices that every program expects, terminals of its own among them, in the empty directory ``dev``."""
    for name in _DEVICES:
        (dev / name).touch()
        bind(Path("/dev", name), dev / name)
    for name in ("pts", "shm"):
        (dev / name).mkdir()
    (dev / "shm").chmod(0o1777)
    # On the host's devpts a new pty would belong to the host's group tty, which is not in this user namespace.
    mount(
        "devpts", dev / "pts", "devpts", Mount.NO_SUID | Mount.NO_EXEC, "newinstance,ptmxmode=0666,mode=0620"
    )
    (dev / "ptmx").symlink_to("pts/ptmx")
    (dev / "fd").symlink_to("/proc/self/fd")
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        (dev / name).symlink_to(f"/proc/self/fd/{number}")


def write(path: Path, text: str, mode: int) -> None:
    """A file's content; ``mode`` is that of a new one."""
    path.touch(mode)
    path.write_text(text, "utf-8", "surrogateescape")  # a device's configuration may hold any byte
