"""The agent as a program: built, started, looped, watched, stopped."""
