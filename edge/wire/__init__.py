"""The contract between edge and hub: topics, typed messages, signed codes.

Standard library, msgspec and cryptography only, no I/O. Whatever is here must be
understood by devices that were last updated years ago.
"""
