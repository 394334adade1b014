"""Engine 1: a service of the city defined as data, and the cases that walk through it."""
