"""What a person should look at: never a sanction, each with the way to the day it came from."""
