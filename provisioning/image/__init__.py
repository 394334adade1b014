"""Builds the image of a device's card from Debian packages, and the bundles that update it."""
