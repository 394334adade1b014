"""Software updates of the device: fetched, verified, tried once, kept or taken back by itself."""
