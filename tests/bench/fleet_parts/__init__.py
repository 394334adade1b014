"""A light simulator of many sites: real wire format, real sequence and acknowledgement handling."""
