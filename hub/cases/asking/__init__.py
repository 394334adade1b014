"""Asking the city for something: the catalogue of services, the form, the receipt."""
