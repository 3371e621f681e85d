"""Forms of courses and complexes."""
