"""The inventory everything hangs on: kelurahan, sites, devices, cameras, doors, sensors."""
