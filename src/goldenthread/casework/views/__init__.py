"""Pages of casework: thin views that read by queries and policies, write by actions, and journal what was read."""
