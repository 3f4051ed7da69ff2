"""The log of what is not an escalation: locations, panels, themes, people, imports.

As append-only and chained as the log of escalations, a chain for each subject.
"""
