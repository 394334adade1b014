"""The list of alarms, an alarm, and what changes on them."""
