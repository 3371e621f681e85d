"""Long work of the portfolio."""
