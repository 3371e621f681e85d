"""The administrator's desk of the registry."""

from resources.admin import documents, elements, rights, subjects

__all__ = ["documents", "elements", "rights", "subjects"]
