"""What the hub says to devices: acknowledgements, commands, documents."""
