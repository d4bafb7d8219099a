"""Who wants to be told when new figures are on the scorecard: what they chose, and telling them."""
