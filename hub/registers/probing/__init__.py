"""Whether what a row names answers on the network."""
