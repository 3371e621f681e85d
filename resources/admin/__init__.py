"""The administrator's desk of the registry."""

from resources.admin import courses, documents, elements, rights, subjects

__all__ = ["courses", "documents", "elements", "rights", "subjects"]
