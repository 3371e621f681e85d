"""Loading people and classes from files (9.5): located rows → checks → a plan, which is previewed and then applied."""
