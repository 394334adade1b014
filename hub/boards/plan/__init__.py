"""What a composed board is, as data: its tiles, where they stand, and the boards that ship."""
