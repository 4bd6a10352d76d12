"""The order in which people count, for those who know it by this place."""

from netmgr.model.ordering import by_value, natural

__all__ = ["by_value", "natural"]
