"""The pages of technicians, and of who takes a device out of service."""
