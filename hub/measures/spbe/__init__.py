"""SPBE: the framework as versioned data, levels with evidence, self beside external, gaps and the report."""
