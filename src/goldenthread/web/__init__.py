"""The web floor: settings, addresses, base pages and their styles. May import every floor below it."""
