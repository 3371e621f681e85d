"""The system administrator's desk: people, facts about them, the school, the agreement, the trail."""

from accounts.admin import agreement, facts, people, school, staff, trail

__all__ = ["agreement", "facts", "people", "school", "staff", "trail"]
