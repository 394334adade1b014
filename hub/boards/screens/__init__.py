"""Boards on screens that nobody signs in at: the control room's wall, a market's LED, a kiosk."""
