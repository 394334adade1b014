"""Open data: one catalogue over what registers and measures publish, for people and for programs.

It decides nothing about what is public: its sources do. It writes nothing.
"""
