"""The copy of committed readings on a server that speaks InfluxDB's write API."""
