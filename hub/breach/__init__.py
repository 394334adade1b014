"""After a breach: whose data were touched, by whom and when, for the notices that the law asks for."""
