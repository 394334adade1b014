"""What everybody may see of complaints: a list, a page each, a layer of the map; never who complained."""
