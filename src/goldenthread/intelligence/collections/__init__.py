"""Collections: what agencies send in by form, spreadsheet or system; when it is due, what is wrong with it, who agreed it, and
how it comes into the indicators. The forms are files of guidance/collections."""
