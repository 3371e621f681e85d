"""The system administrator's desk: people, facts, the school, the agreement, consents, letters, the trail."""

from accounts.admin import agreement, consents, facts, letters, people, school, trail

__all__ = ["agreement", "consents", "facts", "letters", "people", "school", "trail"]
