"""Whether this machine lets this user make the namespaces and mounts of a lab, and which setting forbids it."""

import os
import subprocess
from pathlib import Path

from netmgr.errors import LabError

#: Kernel settings that forbid user namespaces: path, forbidding value, remedy, whether root is exempt.
_SETTINGS = (
    ("proc/sys/user/max_user_namespaces", "0", "sysctl -w user.max_user_namespaces=15000", False),
    # Debian's and Ubuntu's own, and Ubuntu's from 23.10 on.
    ("proc/sys/kernel/unprivileged_userns_clone", "0", "sysctl -w kernel.unprivileged_userns_clone=1", True),
    (
        "proc/sys/kernel/apparmor_restrict_unprivileged_userns",
        "1",
        "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
        True,
    ),
)
_UNSHARE = ["unshare", "--user", "--map-root-user", "--net", "--mount", "--pid", "--fork", "--mount-proc"]
_OVERLAY = ["mount", "-t", "overlay", "overlay", "-o", "ro,lowerdir=/etc:/usr", "/usr"]


def obstacle(root: Path, *, privileged: bool) -> str | None:
    """One line that names the kernel setting below ``root`` that forbids user namespaces, or ``None``."""
    for name, forbids, remedy, root_exempt in _SETTINGS:
        path = root / name
        if not (privileged and root_exempt) and path.exists() and path.read_text("ascii").strip() == forbids:
            return (
                f"this machine forbids user namespaces, which the lab needs: {path.name} is {forbids}; "
                f"an administrator allows them with `{remedy}`"
            )
    return None


def namespace_error(reason: str) -> LabError:
    """The error for namespaces that could not be made, with the setting that forbids them where one does."""
    named = obstacle(Path("/"), privileged=os.geteuid() == 0)
    return LabError(
        named
        or f"no user namespace for the lab: {reason}; in a container, start it with "
        "`--security-opt seccomp=unconfined --security-opt systempaths=unconfined`"
    )


def check_namespaces() -> None:
    """Make the lab's kinds of namespaces and mounts once, and undo them. Raises LabError if the machine forbids one."""
    if _try([*_UNSHARE, *_OVERLAY]) is None:
        return
    if reason := _try([*_UNSHARE, "true"]):
        raise namespace_error(reason)
    raise LabError(
        f"Linux {os.uname().release} mounts no overlay in a user namespace, which the lab needs; "
        "use Linux 5.11 or later with overlayfs"
    )


def _try(argv: list[str]) -> str | None:
    """What the command says when it fails; ``None`` if it succeeds."""
    try:
        done = subprocess.run(
            argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30, check=False
        )
    except FileNotFoundError:
        return "no command unshare; install the package util-linux"
    return (done.stderr.strip() or f"unshare ended with code {done.returncode}") if done.returncode else None
