"""What a playbook may not do in Ansible's own process, on the machine that runs netmgr.

The playbook's text was judged before (``netmgr.adapters.playbook_rules``); these hold for what only templates say.
"""

import os
from pathlib import Path
from typing import Any, NoReturn

import ansible
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import action_loader, connection_loader, lookup_loader

from netmgr.model.redaction import Redactor

_IN_THE_OPEN = (
    "a secret would stand in a command line, where others see it; give it by a module's argument or by stdin"
)
_NOT_HERE = "no task runs on netmgr's machine; name the playbook under playbooks.local in config/netmgr.yaml"


def install(*, local: bool, roots: list[str], scratch: str, redactor: Redactor) -> None:
    """From here on, in this process and its children.

    ``roots`` are the directories whose files may be read; files of hosts are fetched into ``scratch``, which is gone
    after the run.
    """
    _keep_from_command_lines(redactor)
    if not local:
        here = _plugin(connection_loader, "local")
        here._connect = here.exec_command = here.put_file = here.fetch_file = _refuse
        _plugin(lookup_loader, "pipe").run = _refuse
        _fetch_into(Path(scratch).resolve())
    # Roles of installed collections are read too; they lie beside Ansible.
    _confine([*map(Path, roots), Path(ansible.__file__).parents[1]])


def _plugin(loader: Any, name: str) -> Any:
    """The class that Ansible itself makes objects of, whatever it is called by: it has copies of some modules."""
    found = loader.get(f"ansible.builtin.{name}", class_only=True)
    if found is None or loader.get(name, class_only=True) is not found:
        raise AnsibleError(f"Ansible's own plug-in {name} is not where it was expected")
    return found


def _refuse(*_arguments: Any, **_named: Any) -> NoReturn:
    raise AnsibleError(_NOT_HERE)


def _keep_from_command_lines(redactor: Redactor) -> None:
    """What ssh is told to run is its argument. Modules and what they are given go through its standard input."""
    ssh = _plugin(connection_loader, "ssh")
    original = ssh.exec_command

    def judged(connection: Any, command: str, *rest: Any, **named: Any) -> Any:
        if redactor.text(command) != command:
            raise AnsibleError(_IN_THE_OPEN)
        return original(connection, command, *rest, **named)

    ssh.exec_command = judged


def _fetch_into(scratch: Path) -> None:
    names = _plugin(
        action_loader, "fetch"
    ).run.__globals__  # its module's: it makes the directory before the file
    original = names["makedirs_safe"]

    def judged(directory: str, *rest: Any, **named: Any) -> Any:
        if not Path(os.fsdecode(directory)).resolve().is_relative_to(scratch):
            raise AnsibleError(
                "files are fetched into {{ netmgr.scratch }}, and nowhere else on netmgr's machine"
            )
        return original(directory, *rest, **named)

    names["makedirs_safe"] = judged


def _confine(roots: list[Path]) -> None:
    """Files come from ``roots`` alone, wherever a name or a link leads."""
    allowed = [root.resolve() for root in roots]

    def judge(loader: Any, name: str) -> None:
        path = Path(os.fspath(loader.path_dwim(name))).resolve()
        if not any(path.is_relative_to(root) for root in allowed):
            raise AnsibleError(f"{name} is no file of playbooks/; put it there")

    for method in ("_get_file_contents", "get_real_file"):
        original = getattr(DataLoader, method)

        def confined(loader: Any, name: str, *rest: Any, _original: Any = original, **named: Any) -> Any:
            judge(loader, name)
            return _original(loader, name, *rest, **named)

        setattr(DataLoader, method, confined)
