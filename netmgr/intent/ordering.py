"""The order in which people count, for those who know it by this place."""

from netmgr.model.ordering import by_value as by_value
from netmgr.model.ordering import natural as natural
