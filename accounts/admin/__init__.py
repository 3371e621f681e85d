"""The system administrator's desk: people, facts about them, the school, the agreement, letters, the trail."""

from accounts.admin import agreement, facts, letters, orders, people, school, trail

__all__ = ["agreement", "facts", "letters", "orders", "people", "school", "trail"]
