"""From a client's YAML to its intent, for tests."""

from netmgr.adapters.inventory_memory import MemoryInventories
from netmgr.intent.resolve import resolve
from tests.unit.inventory.samples import FORMS, GOOD


def intent_of(hosts, links="", *, forms=FORMS, overlay=None, **files):
    texts = GOOD | {"hosts.yaml": hosts, "topology.yaml": f"links:\n{links}" if links else "links: []\n"}
    texts |= {name.replace("_", "."): text for name, text in files.items()}
    inventory = MemoryInventories({"acme": texts}, forms).load("acme", overlay=overlay)
    return resolve(inventory, forms)


def device(intent, name):
    return next(device for device in intent.devices if device.name == name)


def interface(intent, name, interface_name):
    return next(i for i in device(intent, name).interfaces if i.name == interface_name)
