"""Platform form → its drivers' commit control. Each is imported on first use: with it come its vendor's libraries.

A form of another package may name a class of its own, as ``module:Class``.
"""

from importlib import import_module

from netmgr.adapters.commit_control import CommitControl
from netmgr.adapters.napalm_drivers import load_drivers_on_demand
from netmgr.errors import FormError
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
    """The control of one device. Raises FormError for one that cannot be used."""
    wanted = form.commit_control
    module, _, name = wanted.partition(":")
    if wanted in CONTROLS:
        module, name = CONTROLS[wanted]
    load_drivers_on_demand()  # before the first import of any of NAPALM: a control's module may bring it
    try:
        kind = getattr(import_module(module), name)
    except Exception as error:
        known = ", ".join(CONTROLS)
        raise FormError(
            f"platform {form.name}: commit_control {wanted!r} cannot be loaded: {error}; netmgr's own are {known}"
        ) from error
    control: CommitControl = kind(endpoint, form)
    return control
