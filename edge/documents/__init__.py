"""Documents that the hub signs and seals for this device: kept sealed on the disk, plain in memory."""
