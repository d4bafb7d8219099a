"""Intelligence: extracts, indicators and what is made of them. Imports only from assurance, casework and below."""
