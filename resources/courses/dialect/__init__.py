"""The dialect of a course's pages: parsed, drawn with what the text names, cleaned by an allow-list (1.6)."""
