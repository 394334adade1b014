"""What happens right now, between browsers and devices, past the database: live video, wall, orders."""
