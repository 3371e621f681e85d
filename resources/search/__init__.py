"""The search over everything that a person may open; see docs/decisions/0062-one-search-index.md."""
