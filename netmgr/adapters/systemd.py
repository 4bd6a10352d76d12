"""A systemd service for a workspace's scheduler, checked by systemd itself before it is written."""

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from netmgr.errors import InputError
from netmgr.model.digest import sha256_hex


def unit(workspace: Path, *, user: bool) -> str:
    """The service's text. A user's acts as that user, the system's as the workspace's owner.

    Raises InputError for a workspace whose path no unit file can hold.
    """
    program = Path(sys.argv[0]).resolve()
    if not program.is_file():  # started from within Python
        program = Path(sys.executable).with_name("netmgr")
    for path in (workspace, program):
        if not str(path).isprintable() or set(str(path)) & set("\"'\\%$ \t"):
            raise InputError(
                [f"{path}:1: systemd cannot take this path; move it to one without blanks and quotes"]
            )
    # Who writes it into /etc is root; the files belong to who shall run it.
    who = "" if user else f"User={_login(workspace)}\nProtectSystem=full\n"
    return f"""[Unit]
Description=netmgr scheduler for {workspace}
After=network-online.target
Wants=network-online.target

[Service]
{who}ExecStart={program} --workspace {workspace} scheduler
WorkingDirectory={workspace}
Restart=on-failure
RestartSec=10
# A job under way is brought to its end: a change that has begun is finished or taken back, an audit is logged.
KillMode=mixed
TimeoutStopSec=15min
UMask=0077
NoNewPrivileges=yes
PrivateTmp=yes

[Install]
WantedBy={"default.target" if user else "multi-user.target"}
"""


def _login(workspace: Path) -> str:
    owner = workspace.stat().st_uid
    try:
        return pwd.getpwuid(owner).pw_name
    except KeyError:
        raise InputError([f"{workspace}:1: its owner, {owner}, has no login here; give it one"]) from None


def install(text: str, workspace: Path, *, user: bool) -> tuple[Path, str]:
    """Check the unit and write it; the file, and the command that starts it. Raises InputError."""
    directory = Path("~/.config/systemd/user").expanduser() if user else Path("/etc/systemd/system")
    name = f"netmgr-{workspace.name.lower()}-{sha256_hex(str(workspace).encode())[:6]}.service"
    problems = verify(text, name, user=user)
    if problems:
        raise InputError([f"{name}:1: systemd-analyze refuses it: {problem}" for problem in problems])
    try:
        directory.mkdir(parents=True, exist_ok=True)
        draft = directory / f".{name}"
        draft.write_text(text)
        draft.chmod(0o644)
        draft.replace(directory / name)
    except OSError as error:
        raise InputError(
            [f"{directory / name}:1: cannot be written ({error.strerror}); use sudo, or --user, or --print"]
        ) from error
    scope = " --user" if user else ""
    return (
        directory / name,
        f"start it: systemctl{scope} daemon-reload && systemctl{scope} enable --now {name}",
    )


def verify(text: str, name: str, *, user: bool) -> tuple[str, ...]:
    """What `systemd-analyze verify` says against a unit. Raises InputError where there is no systemd."""
    program = shutil.which("systemd-analyze")
    if program is None:
        raise InputError(
            [f"{name}:1: systemd-analyze is not here; write the unit with --print where systemd is"]
        )
    with TemporaryDirectory() as directory:
        path = Path(directory) / name
        path.write_text(text)
        scope = ["--user"] if user else []
        done = subprocess.run(
            [program, "verify", "--recursive-errors=one", *scope, str(path)],
            # The user's own is there only while a session of theirs is, which who asks by cron or sudo has none of.
            env={**os.environ, "XDG_RUNTIME_DIR": directory},
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
        )
    said = tuple(line for line in done.stderr.splitlines() if line.strip())
    return said if done.returncode else ()
