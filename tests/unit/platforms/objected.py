"""What a platform refuses of an inventory."""

from netmgr.adapters.inventory_memory import MemoryInventories
from netmgr.errors import InputError
from netmgr.platforms import FORMS


def problems(platform: str, hosts: str) -> list[str]:
    """What is wrong with these hosts, without the file's name; its line stands first."""
    files = {"client.yaml": "id: acme\n", "defaults.yaml": f"platform: {platform}\n", "hosts.yaml": hosts}
    try:
        MemoryInventories({"acme": files}, FORMS).load("acme")
    except InputError as error:
        return [problem.removeprefix("inventory/acme/hosts.yaml:") for problem in error.problems]
    return []
