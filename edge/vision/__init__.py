"""Seeing: arrays in, numbers out. Nothing here opens a file, a camera or a socket."""
