"""Pages of collections: thin. `queries` reads, `actions` write."""
