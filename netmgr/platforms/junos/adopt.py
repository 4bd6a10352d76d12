"""A Junos configuration → device data. What the model cannot say exactly as Junos shows it stays verbatim."""

from netmgr.model.adoption import Adopted
from netmgr.platforms.junos.adopt_bgp import read_bgp
from netmgr.platforms.junos.adopt_interfaces import read_filters, read_interfaces, read_vlans
from netmgr.platforms.junos.adopt_policies import read_policies
from netmgr.platforms.junos.adopt_routing import read_loopback, read_ospf, read_static_routes, read_vrfs
from netmgr.platforms.junos.adopt_system import read_system
from netmgr.platforms.junos.features import feature_of
from netmgr.platforms.junos.reader import Data, Reader
from netmgr.platforms.junos.secrets import split


def adopt(config: str) -> Adopted:
    """See ``PlatformForm.adopt``."""
    reader = Reader(config)
    data: Data = {}
    read_vlans(reader, data)
    read_filters(reader, data)
    read_interfaces(reader, data)
    read_policies(reader, data)
    read_vrfs(reader, data)
    data["system"] = read_system(reader, data.get("vrfs", {}))
    read_static_routes(reader, data)
    read_loopback(reader, data)
    read_ospf(reader, data)
    read_bgp(reader, data)
    return reader.reading.adopted(data, feature=feature_of, secret=split)
