"""The inventory on screen: its lists, the entry of a camera, and what goes off duty."""
