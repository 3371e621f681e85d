"""What the school counts from its gradebooks: quality, progress, attendance, anomalies. Reads only (1.3 b, 7.1)."""
