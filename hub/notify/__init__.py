"""Notifications: an outbox and the channels that send from it."""
