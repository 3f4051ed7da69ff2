"""What an auditor looks at: who read what, what was unusual in that, a sample, what was changed.

Looking is itself logged, before anything is shown.
"""
