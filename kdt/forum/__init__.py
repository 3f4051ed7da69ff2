"""The IND-wide forum: anybody brings a case or a recurring problem; it leads to rode draden."""
