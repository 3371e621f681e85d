"""The system administrator's desk: people, facts about them, the school, the agreement, consents, the trail."""

from accounts.admin import agreement, consents, facts, people, school, trail

__all__ = ["agreement", "consents", "facts", "people", "school", "trail"]
