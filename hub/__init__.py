"""The Pontive hub: listens to the edge, keeps what it says and shows it.

Of ``edge`` it knows ``edge.wire`` only.
"""
