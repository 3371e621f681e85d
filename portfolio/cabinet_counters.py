"""What of the portfolio waits for people in «Ждёт вас»."""
