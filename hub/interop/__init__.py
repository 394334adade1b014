"""How other systems read the city: formats and programming interfaces that are not our own."""
