"""What people type on the pages of a case, read and checked. Depends on `clocks.order` and the case's own tables."""
