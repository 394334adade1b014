"""Air, river and rain: ISPU from sensor records, stations, and what the public reads of them."""
