"""How much of a promised time has passed: working days or plain hours, with pauses. Pure."""
