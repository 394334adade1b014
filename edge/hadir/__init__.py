"""The door of Hadir: reads signed codes from frames and decides on the spot, without network."""
