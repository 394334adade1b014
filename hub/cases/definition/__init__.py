"""A service as data: form, requirements, stages, roles, clocks, document. Pure but for reading files."""
