"""What only the register of applications has: likenesses, and which talks to which."""
