"""The administrator's desk of the registry."""

from resources.admin import documents, elements

__all__ = ["documents", "elements"]
from resources.admin import rights

__all__ = ["elements", "rights"]
