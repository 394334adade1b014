"""Numbers of the hub for Prometheus, from the web process and from ingest, for those who may see them."""
