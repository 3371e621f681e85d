"""The change of the school year: what it starts from, what is proposed, what stands against it. Reads only."""
