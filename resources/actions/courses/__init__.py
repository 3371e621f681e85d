"""The verbs of courses and complexes (1.3 a, 1.6, 4.5 row 18)."""
