"""Cameras that turn: where one looks, and making it look elsewhere, by ONVIF."""
