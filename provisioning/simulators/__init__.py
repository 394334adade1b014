"""Test equipment for technicians: things a site has, imitated by a program, with their faults."""
