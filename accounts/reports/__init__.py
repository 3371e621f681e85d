"""Reports about people: movement, counts, first sign-ins, the alphabetical book. Reads only."""
