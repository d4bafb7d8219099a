"""Every page and operation x role x agency x state of the record, made from the addresses themselves. Default deny."""
