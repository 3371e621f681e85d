"""Courses: who reads, writes and reviews them; how their texts are drawn; what they measure (1.6)."""
