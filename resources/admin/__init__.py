"""The administrator's desk of the registry."""

from resources.admin import elements, rights

__all__ = ["elements", "rights"]
