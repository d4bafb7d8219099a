"""What agencies and the analyst say of a figure, for everyone who reads the scorecard: short, dated, never edited."""
