"""Yearly sheets and personal final marks: one content for screen, print, PDF and the archive (7.3)."""
