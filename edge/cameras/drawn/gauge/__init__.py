"""A drawn staff gauge in drawn water, whose level is known at every moment. Pure and seeded."""
