"""Measurements over time: a port, the tables behind it, and a mirror for Grafana."""
