"""Accounts, roles, sessions, the audit chain, and the persons behind Hadir codes."""
