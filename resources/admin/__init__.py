"""The administrator's desk of the registry."""

from resources.admin import documents, elements, rights

__all__ = ["documents", "elements", "rights"]
