"""Who read what was written of a case, and which processing of whose data that was.

Both logs are only ever added to, before the text is shown or with what is recorded.
"""
