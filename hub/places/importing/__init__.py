"""The inventory as tables: read, checked, compared, shown, then written; and written out again."""
