"""What a playbook may not do in Ansible's own process, on the machine that runs netmgr.

The playbook's text was judged before (``netmgr.adapters.playbook_rules``); these hold for what only templates say.
"""

import os
from pathlib import Path
from typing import Any, NoReturn

import ansible
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.connection import local as local_connection
from ansible.plugins.connection import ssh as ssh_connection
from ansible.plugins.lookup import pipe as pipe_lookup

from netmgr.model.redaction import Redactor

_IN_THE_OPEN = (
    "a secret would stand in a command line, where others see it; give it by a module's argument or by stdin"
)
_NOT_HERE = "no task runs on netmgr's machine; name the playbook under playbooks.local in config/netmgr.yaml"


def install(*, local: bool, roots: list[str], redactor: Redactor) -> None:
    """From here on, in this process and its children. ``roots`` are the directories whose files may be read."""
    _keep_from_command_lines(redactor)
    if not local:
        local_connection.Connection._connect = _refuse
        local_connection.Connection.exec_command = _refuse
        local_connection.Connection.put_file = _refuse
        local_connection.Connection.fetch_file = _refuse
        pipe_lookup.LookupModule.run = _refuse
    # Roles of installed collections are read too; they lie beside Ansible.
    _confine([*map(Path, roots), Path(ansible.__file__).parents[1]])


def _refuse(*_arguments: Any, **_named: Any) -> NoReturn:
    raise AnsibleError(_NOT_HERE)


def _keep_from_command_lines(redactor: Redactor) -> None:
    """What ssh is told to run is its argument. Modules and what they are given go through its standard input."""
    original = ssh_connection.Connection.exec_command

    def judged(connection: Any, command: str, *rest: Any, **named: Any) -> Any:
        if redactor.text(command) != command:
            raise AnsibleError(_IN_THE_OPEN)
        return original(connection, command, *rest, **named)

    ssh_connection.Connection.exec_command = judged


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
