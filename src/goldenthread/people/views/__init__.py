"""Pages about people: finding them, registering them, what is known of them."""
