"""What `make bench` measures: ratios against a peer run side by side, at two sizes ten times apart."""
