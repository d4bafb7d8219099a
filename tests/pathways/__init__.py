"""Every pathway that ships, taken through the pages by the people whose work it is."""
