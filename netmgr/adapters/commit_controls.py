"""Platform form → its drivers' commit control. Each is imported on first use: with it come its vendor's libraries."""

from importlib import import_module

from netmgr.adapters.commit_control import CommitControl
from netmgr.model.endpoint import Endpoint
from netmgr.platforms.form import PlatformForm

#: ``PlatformForm.commit_control`` → module and class.
CONTROLS = {
    "eos": ("netmgr.adapters.napalm_eos", "EosCommits"),
    "frr": ("netmgr.adapters.napalm_frr", "FrrCommits"),
    "ios": ("netmgr.adapters.napalm_ios", "IosCommits"),
    "junos": ("netmgr.adapters.napalm_junos", "JunosCommits"),
    "snapshot": ("netmgr.adapters.napalm_snapshot", "SnapshotCommits"),
}


def control_for(endpoint: Endpoint, form: PlatformForm) -> CommitControl:
    """The control of one device."""
    module, name = CONTROLS[form.commit_control]
    control: CommitControl = getattr(import_module(module), name)(endpoint, form)
    return control
