"""What the portfolio tells people of."""
