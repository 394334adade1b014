"""What a technician puts on the card or on a USB stick: the only front panel a device has."""
