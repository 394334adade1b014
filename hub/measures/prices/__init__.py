"""Food prices: entered by the officers of the markets each day, read by everybody."""
