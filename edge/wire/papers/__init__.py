"""The seal of a letter and what a device needs to judge it offline."""
