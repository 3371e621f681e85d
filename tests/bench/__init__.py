"""Benchmarks: pages of the portal beside a minimal Django site, in one run. See docs/performance.md.

python -m tests.bench        or make bench; QUICK=1 is shorter, CHECK=1 fails beyond the goals
"""
