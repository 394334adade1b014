"""What doors, phones and badges say to each other and to the hub: codes, rosters, PINs."""
