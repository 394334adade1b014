"""The schema of the database and how it grows. One baseline revision until the first release.

After a change of models: ``python -m hub.migrations.baseline`` writes the baseline anew.
"""
