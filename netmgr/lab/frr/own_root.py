"""A host with a Debian of its own: what it writes is in memory, and nothing of this machine's files is in its sight.

The namespace knows one user, uid 0. Accounts of other users can be made, and files given to them, without effect: they
are in /etc/passwd and cannot log in.
"""

import os
from pathlib import Path

from netmgr.lab.frr import files
from netmgr.lab.frr.order import LabOrder, RouterOrder
from netmgr.lab.frr.root import SAFE, mount_devices, write
from netmgr.lab.frr.syscalls import Mount, bind, change_root, ignore_owners, mount

#: Accounts whose programs change to them: to themselves, here.
_OURSELVES = ("sshd", "_lldpd")
_LOGIN = "admin:x:0:0:network administrator:/root:/bin/bash\n"
_SIZE = "2g"


def enter_own_root(stage: Path, order: LabOrder, router: RouterOrder) -> None:
    """In the host's new namespaces: lay a file system in memory over the Debian, and change into it."""
    space = stage / "router"
    mount("router", space, "tmpfs", Mount.NO_DEVICES, f"mode=755,size={_SIZE}")
    for name in ("upper", "work", "root"):
        (space / name).mkdir()
    root = space / "root"
    _lay_over(Path(str(order.hosts)), space / "upper", space / "work", root)
    log = Path(order.state, "log", router.device)
    for name in ("apt", "postgresql"):
        (log / name).mkdir()
    bind(log, root / "var/log")
    mount("proc", root / "proc", "proc", SAFE)
    mount("sysfs", root / "sys", "sysfs", SAFE)
    mount("dev", root / "dev", "tmpfs", Mount.NO_SUID, "mode=755,size=64k")
    mount_devices(root / "dev")
    mount("shm", root / "dev/shm", "tmpfs", Mount.NO_SUID | Mount.NO_DEVICES, "mode=1777,size=256m")
    mount("run", root / "run", "tmpfs", Mount.NO_SUID | Mount.NO_DEVICES, "mode=755,size=64m")
    for name in ("sshd", "lock", "lldpd", "postgresql"):
        (root / "run" / name).mkdir()
    _write_files(root, order, router)
    change_root(root)
    ignore_owners()


def _lay_over(lower: Path, upper: Path, work: Path, target: Path) -> None:
    # In mount options a path needs escapes for characters that a home directory may have; a descriptor needs none.
    descriptors = [os.open(path, os.O_PATH) for path in (lower, upper, work)]
    names = (f"/proc/self/fd/{descriptor}" for descriptor in descriptors)
    # userxattr: what overlayfs notes down it may not note in trusted attributes here (overlayfs.rst).
    options = ",".join(
        f"{key}={name}" for key, name in zip(("lowerdir", "upperdir", "workdir"), names, strict=True)
    )
    mount("overlay", target, "overlay", Mount.NO_DEVICES, f"{options},userxattr")
    for descriptor in descriptors:
        os.close(descriptor)


def _write_files(root: Path, order: LabOrder, router: RouterOrder) -> None:
    accounts = [line.split(":") for line in (root / "etc/passwd").read_text("utf-8").splitlines()]
    for account in accounts:
        if account[0] in _OURSELVES:
            account[2:4] = ["0", "0"]
    write(root / "etc/passwd", "".join(":".join(account) + "\n" for account in accounts) + _LOGIN, 0o644)
    write(
        root / "etc/shadow", (root / "etc/shadow").read_text("utf-8") + "admin:*:19000:0:99999:7:::\n", 0o600
    )
    penalties = b"persourcepenalties" in (root / "usr/sbin/sshd").read_bytes()
    write(root / "etc/ssh/sshd_config", files.sshd_config(penalties=penalties), 0o644)
    write(root / "etc/lldpd.conf", files.LLDPD_CONF, 0o644)
    for name in ("root/.ssh", "var/lib/ssh"):
        (root / name).mkdir(0o700, parents=True, exist_ok=True)
    write(root / "root/.ssh/authorized_keys", order.login_key, 0o600)
    write(root / "var/lib/ssh/host_key", router.host_key, 0o600)
    write(root / "etc/hostname", f"{router.device}\n", 0o644)
    write(root / "etc/hosts", files.hosts(router), 0o644)
