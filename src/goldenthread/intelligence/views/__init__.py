"""Pages of totals: the scorecard, one indicator, and both to take away."""
