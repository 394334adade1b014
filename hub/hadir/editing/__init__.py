"""What a person keeps up: hours, holidays, periods, shifts, leave and tariffs, by form or file."""
