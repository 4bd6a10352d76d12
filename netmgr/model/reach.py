"""How programs other than netmgr reach a device: everything but the secret."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reach:
    """Address and login of one device. ``known_hosts`` is the file that host keys are verified against.

    ``jump`` are jump hosts ``[user@]host[:port]``, in order; ``ssh_config`` is a file for ssh's ``-F``; ``password`` is
    a secret's reference. ``username`` is None where it is that of whoever logs in.
    """

    device: str
    hostname: str
    port: int
    username: str | None
    known_hosts: str
    key_file: str | None = None
    jump: tuple[str, ...] = ()
    ssh_config: str | None = None
    password: str | None = None
