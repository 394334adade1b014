"""Slots and rooms: reserved by a step of a case, never two at once, released when it is over."""
