"""The administrator's desk: people, facts, orders, staff, the school, the agreement, consents, letters, the trail."""

from accounts.admin import agreement, consents, facts, letters, orders, people, school, staff, trail

__all__ = ["agreement", "consents", "facts", "letters", "orders", "people", "school", "staff", "trail"]
