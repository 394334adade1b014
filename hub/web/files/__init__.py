"""Lists as files that people take away or bring: CSV, workbooks, photos' sizes; nothing in them runs."""
