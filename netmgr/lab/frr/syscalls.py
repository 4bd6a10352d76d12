"""Linux system calls that Python 3.11 has no function for: namespaces, mounts and one seccomp filter.

Sources: unshare(2), user_namespaces(7), mount(2), pivot_root(2), seccomp(2), linux/filter.h, linux/audit.h.
"""

import ctypes
import os
import platform
import struct
from collections.abc import Mapping
from enum import IntFlag
from pathlib import Path

_libc = ctypes.CDLL(None, use_errno=True)


class Namespace(IntFlag):
    """CLONE_NEW… of linux/sched.h."""

    MOUNT = 0x00020000
    UTS = 0x04000000
    IPC = 0x08000000
    USER = 0x10000000
    PID = 0x20000000
    NET = 0x40000000


class Mount(IntFlag):
    """MS_… of linux/mount.h."""

    NONE = 0
    READ_ONLY = 1
    NO_SUID = 2
    NO_DEVICES = 4
    NO_EXEC = 8
    BIND = 4096
    RECURSIVE = 16384
    SLAVE = 1 << 19


_DETACH = 2  # MNT_DETACH
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
_SETGROUPS = {"x86_64": 116, "aarch64": 159}
#: chown, fchown, lchown, fchownat.
_CHOWNS: tuple[dict[str, int], ...] = (
    {"x86_64": 92},
    {"x86_64": 93, "aarch64": 55},
    {"x86_64": 94},
    {"x86_64": 260, "aarch64": 54},
)
_MKNOD, _MKNODAT = {"x86_64": 133}, {"x86_64": 259, "aarch64": 33}
_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
ARCHITECTURES = frozenset(_PIVOT_ROOT)


def _check(result: int, what: str) -> None:
    if result:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def unshare(namespaces: Namespace) -> None:
    """Leave the given namespaces for new ones; PID takes effect for children."""
    _check(_libc.unshare(int(namespaces)), f"unshare {namespaces!r}")


def enter_user_namespace(others: Namespace) -> None:
    """Become uid 0 of a new user namespace that knows this one user and group, and unshare ``others`` in it."""
    uid, gid = os.getuid(), os.getgid()
    unshare(Namespace.USER | others)
    for name, content in (("setgroups", "deny"), ("uid_map", f"0 {uid} 1"), ("gid_map", f"0 {gid} 1")):
        Path("/proc/self", name).write_text(content, "ascii")


def mount(
    source: str, target: str | Path, kind: str = "", flags: Mount = Mount.NONE, options: str = ""
) -> None:
    """mount(2). ``kind`` is the file system's type, empty for a bind mount or a change of propagation."""
    _check(
        _libc.mount(
            os.fsencode(source), os.fsencode(target), os.fsencode(kind), int(flags), os.fsencode(options)
        ),
        f"mount {source} on {target}",
    )


def bind(source: str | Path, target: str | Path) -> None:
    """Show ``source`` and what is mounted below it at ``target`` too."""
    mount(str(source), target, flags=Mount.BIND | Mount.RECURSIVE)


def change_root(new_root: Path) -> None:
    """Make the mount point ``new_root`` the root of this mount namespace; the old root disappears from it."""
    os.chdir(new_root)
    # pivot_root(".", ".") stacks the old root on the new one (pivot_root(2), NOTES), so no directory for it is needed.
    _check(_libc.syscall(_PIVOT_ROOT[platform.machine()], b".", b"."), "pivot_root")
    _check(_libc.umount2(b".", _DETACH), "detach the old root")
    os.chdir("/")


def ignore_setgroups() -> None:
    """Let setgroups(2) succeed without effect in this process and all that it starts, for ever.

    In a user namespace that an ordinary user made, setgroups is forbidden (user_namespaces(7)), and sshd and FRR give
    up when it fails. With a single group in the namespace there is nothing that it could change.
    """
    _succeed(_SETGROUPS)


def ignore_owners() -> None:
    """Let files be given to any owner, and device files be made, without effect: here and in all that is started.

    The namespace knows one user, so that dpkg, which gives files to others, would fail. Who owns what is not kept.
    """
    for call in _CHOWNS:
        _succeed(call)
    _succeed(_MKNOD, mode_argument=1)
    _succeed(_MKNODAT, mode_argument=2)


def _succeed(numbers: Mapping[str, int], *, mode_argument: int | None = None) -> None:
    """Install a filter that answers one system call with 0; with ``mode_argument``, only where that is a device's mode.

    A machine without the call (arm64 has no chown(2), its C library uses fchownat) needs no filter.
    """
    machine = platform.machine()
    if machine not in numbers:
        return

    def statement(code: int, operand: int, jump_true: int = 0, jump_false: int = 0) -> bytes:
        return struct.pack("HBBI", code, jump_true, jump_false, operand)

    load, equal, any_of, give = (
        0x20,
        0x15,
        0x45,
        0x06,
    )  # BPF_LD|W|ABS, BPF_JMP|JEQ|K, BPF_JMP|JSET|K, BPF_RET|K
    success, allow = 0x00050000, 0x7FFF0000  # SECCOMP_RET_ERRNO with errno 0, SECCOMP_RET_ALLOW
    # S_IFCHR is 0x2000 and S_IFBLK 0x6000; of the other types of file none has this bit (inode(7)).
    device = (
        ()
        if mode_argument is None
        else (statement(load, 16 + 8 * mode_argument), statement(any_of, 0x2000, 0, 1))  # seccomp_data.args
    )
    program = b"".join(
        (
            statement(load, 4),  # seccomp_data.arch
            statement(equal, _AUDIT_ARCH[machine], 0, 3 + len(device)),
            statement(load, 0),  # seccomp_data.nr
            statement(equal, numbers[machine], 0, 1 + len(device)),
            *device,
            statement(give, success),
            statement(give, allow),
        )
    )

    class Program(ctypes.Structure):
        """struct sock_fprog."""

        _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))

    code = ctypes.create_string_buffer(program, len(program))
    filter_ = Program(len(program) // 8, ctypes.addressof(code))
    set_seccomp, mode_filter = 22, 2  # PR_SET_SECCOMP, SECCOMP_MODE_FILTER
    _check(_libc.prctl(set_seccomp, mode_filter, ctypes.byref(filter_), 0, 0), "seccomp filter")
