"""Certified electronic signatures (TTE) on letters, by a gateway of BSrE's shape; the seal is no such."""
