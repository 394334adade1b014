"""Printed badges of people without a phone: issued, signed, printed on sheets, revoked."""
