"""The screen at a door: a page on this machine that shows messages, the clock, and a code to scan."""
