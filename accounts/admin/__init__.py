"""The system administrator's desk: people, facts about them, the school, the agreement, the trail."""

from accounts.admin import agreement, facts, orders, people, school, trail

__all__ = ["agreement", "facts", "orders", "people", "school", "trail"]
