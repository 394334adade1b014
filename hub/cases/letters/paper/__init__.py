"""A letter as paper: templates as data, words, and the PDF. Pure but for reading the templates."""
