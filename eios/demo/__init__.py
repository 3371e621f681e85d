"""The demonstration school: drawn from a seed (pure), then written to the database at one go."""
