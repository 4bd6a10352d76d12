"""Two Linux hosts with real SSH servers, two clients, and playbooks that try to get at what is not theirs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.playbooks.office import Office, office_of

TOUCH = "{{ lookup('pipe', 'touch x') }}"
CANARY = 'Pl4nt3d/"+secret\\x27&c'
OTHERS = "0th3r-clients-secret"

FILES = {
    "config/netmgr.yaml": "playbooks: {local: [listed]}\n",
    "inventory/office/client.yaml": "id: office\n",
    "inventory/office/hosts.yaml": "web: {platform: linux}\ndb: {platform: linux, data: {role: database}}\n"
    "mail: {platform: linux}\nlater: {platform: linux, data: {lifecycle: planned}}\n",
    "inventory/office/playbooks.yaml": "shown: {variables: {token: secret://file/token}}\n"
    f'hostile: {{variables: {{text: "{TOUCH}", list: ["{TOUCH}", {{key: "{TOUCH}"}}]}}}}\n',
    "inventory/other/client.yaml": "id: other\n",
    "inventory/other/hosts.yaml": "theirs: {platform: linux, data: {interfaces: {eth1: {description: not yours}}}}\n",
    "secrets/office/token": CANARY,
    "secrets/other/token": OTHERS,
}


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    hostile = Path(__file__).parent / "playbooks"
    files = {f"playbooks/{path.name}": path.read_text() for path in hostile.iterdir()}
    with office_of(tmp_path_factory.mktemp("playbooks"), FILES | files) as office:
        yield office
