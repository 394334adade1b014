"""A case as its applicant follows it: by code, with PIN to act, in public words."""
