"""Playbooks through ansible-runner: the only home of it.

A run has a directory of its own that is gone afterwards. No secret is written there, stands in an argument or in the
environment: the inventory with them is a file in this process's memory, which Ansible reads once
(``netmgr.adapters.ansible_plugins``). Nothing of the user's own settings for Ansible, and no variable of this
process's environment, has an effect.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from netmgr.adapters.ansible_events import Events
from netmgr.errors import PlaybookError
from netmgr.ports.playbooks import Played, PlayOrder
from netmgr.ports.progress import Progress

_PLUGINS = Path(__file__).parent / "ansible_plugins"
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_PREFIX = "netmgr-play-"
#: Seconds between two looks at whether the user wants to stop.
_LOOK_EVERY = 1


class AnsiblePlayer:
    """See ``netmgr.ports.playbooks.Player``. ``directory`` is playbooks/; ``forks`` hosts are worked on at a time."""

    def __init__(self, directory: Path, *, forks: int, timeout: int) -> None:
        self._directory, self._forks, self._timeout = directory, forks, timeout

    def play(self, order: PlayOrder, progress: Progress, interrupted: Callable[[], bool]) -> Played:
        """Run the order to its end. Raises PlaybookError where Ansible cannot be started."""
        program = Path(sys.executable).with_name("ansible-playbook")
        if not program.exists():
            raise PlaybookError(f"{program} is not there; install ansible-core beside netmgr")
        events = Events(order, progress)
        with _scratch() as scratch, _memory(self._handover(order, scratch)) as memory:
            for name in ("inventory", "ansible.cfg"):
                (scratch / name).touch(0o600)
            (scratch / "limit").write_text("".join(f"{device}\n" for device in order.devices), "ascii")
            try:
                status, code = self._run(order, scratch, [str(program)], memory, events, interrupted)
            finally:
                _hang_up(scratch / "cp")
        return events.played(canceled=status == "canceled", code=code)

    def _run(
        self,
        order: PlayOrder,
        scratch: Path,
        program: list[str],
        memory: str,
        events: Events,
        interrupted: Callable[[], bool],
    ) -> tuple[str, int]:
        from ansible_runner import Runner, RunnerConfig

        config = RunnerConfig(
            private_data_dir=str(scratch),
            project_dir=str(self._directory),
            playbook=Path(order.playbook.file).name,
            inventory=str(scratch / "inventory"),
            limit=f"@{scratch / 'limit'}",
            cmdline="--diff --check" if order.check else "--diff",
            settings={"pexpect_timeout": _LOOK_EVERY},
            fact_cache_type="memory",
            suppress_output_file=True,
            suppress_env_files=True,
            quiet=True,
        )
        config.prepare()
        config.suppress_output_file = True  # prepare() has asked a file of settings, which there is not
        config.env = self._environment(order, scratch, config.env["AWX_ISOLATED_DATA_DIR"])
        launch = [sys.executable, "-I", str(_PLUGINS / "launch.py"), memory]
        config.command = [*launch, *program, *config.command[1:]]
        runner = Runner(config, event_handler=events, cancel_callback=interrupted)
        runner.run()
        return str(runner.status), int(runner.rc)

    def _handover(self, order: PlayOrder, scratch: Path) -> bytes:
        document = {
            "inventory": order.inventory,
            "secrets": order.secrets,
            "local": order.local,
            "scratch": str(scratch),
            "roots": [str(self._directory), str(scratch)],
        }
        return json.dumps(document).encode()

    def _environment(self, order: PlayOrder, scratch: Path, artifacts: str) -> dict[str, str]:
        said = {
            "PATH": f"{Path(sys.executable).parent}:{_PATH}",
            "HOME": str(scratch),
            "LANG": "C.UTF-8",
            "TERM": "dumb",
            "AWX_ISOLATED_DATA_DIR": artifacts,
            "ANSIBLE_CONFIG": str(scratch / "ansible.cfg"),
            "ANSIBLE_HOME": str(scratch / "home"),
            "ANSIBLE_LOCAL_TEMP": str(scratch / "tmp"),
            "ANSIBLE_SSH_CONTROL_PATH_DIR": str(scratch / "cp"),
            "ANSIBLE_CALLBACK_PLUGINS": str(_PLUGINS / "callback"),
            "ANSIBLE_STDOUT_CALLBACK": "netmgr_display",
            "ANSIBLE_INVENTORY_PLUGINS": str(_PLUGINS / "inventory"),
            "ANSIBLE_INVENTORY_ENABLED": "netmgr_handover",
            "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "True",
            "ANSIBLE_COLLECTIONS_PATH": str(self._directory / "collections"),
            "ANSIBLE_ROLES_PATH": str(self._directory / "roles"),
            "ANSIBLE_HOST_KEY_CHECKING": "True",
            "ANSIBLE_SSH_PASSWORD_MECHANISM": "ssh_askpass",
            "ANSIBLE_SSH_AGENT": "auto" if order.keys_in_memory else "none",
            # Modules with their arguments go through a pipe, and never into a file on the host or its system log.
            "ANSIBLE_PIPELINING": "True",
            "ANSIBLE_NO_TARGET_SYSLOG": "True",
            "ANSIBLE_CACHE_PLUGIN": "memory",
            "ANSIBLE_RETRY_FILES_ENABLED": "False",
            "ANSIBLE_FORKS": str(self._forks),
            "ANSIBLE_TIMEOUT": str(self._timeout),
            "ANSIBLE_NOCOLOR": "True",
            "ANSIBLE_DEPRECATION_WARNINGS": "False",
            "ANSIBLE_LOCALHOST_WARNING": "False",
            "RUNNER_OMIT_EVENTS": "False",
            "RUNNER_ONLY_FAILED_EVENTS": "False",
        }
        if agent := os.environ.get("SSH_AUTH_SOCK"):
            said["SSH_AUTH_SOCK"] = agent
        return said


@contextmanager
def _scratch() -> Iterator[Path]:
    """A directory for one run, mode 0700. Its name is short: sockets lie in it (unix(7): at most 107 bytes)."""
    _remove_left_over()
    directory = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
    try:
        for name in ("home", "tmp", "cp"):
            (directory / name).mkdir(0o700)
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _remove_left_over() -> None:
    """Directories of runs whose netmgr was killed: its process is gone, and so is Ansible's (``launch``)."""
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        owner = left.name.removeprefix(_PREFIX).partition("-")[0]
        with suppress(OSError):
            ours = left.lstat().st_uid == os.getuid() and not left.is_symlink()
            if ours and owner.isdecimal() and not Path("/proc", owner).exists():
                _hang_up(left / "cp")
                shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _memory(content: bytes) -> Iterator[str]:
    """``content`` as a file that has no name on any disk; gives the path by which our own children open it."""
    descriptor = os.memfd_create("netmgr-play")
    try:
        with os.fdopen(descriptor, "wb", closefd=False) as file:
            file.write(content)
        yield f"/proc/{os.getpid()}/fd/{descriptor}"
    finally:
        os.close(descriptor)


def _hang_up(sockets: Path) -> None:
    """End the connections that ssh keeps open for the next run, which will have others."""
    for socket in sockets.iterdir():
        with suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run(
                ["ssh", "-F", "none", "-o", f"ControlPath={socket}", "-O", "exit", "host"],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=5,
                check=False,
            )
