"""Sharing: agreements that decide, asking and answering, handing over, the merged chronology, notices, and proof of it all.

Floor 4: may depend on casework and below; nothing on a lower floor knows it.
"""
