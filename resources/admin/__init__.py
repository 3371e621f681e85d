"""The administrator's desk of the registry."""

from resources.admin import elements

__all__ = ["elements"]
