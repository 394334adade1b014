"""Open311 GeoReport v2: other cities' programs file complaints here and follow them."""
