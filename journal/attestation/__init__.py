"""Interim attestation, debts, state exams, councils: what their pages ask. Reads only."""
