"""Set-up by phone: a device without a network opens its own Wi-Fi and asks for what it lacks."""
