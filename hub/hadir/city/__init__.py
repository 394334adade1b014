"""The whole city in one table: OPDs beside each other, by rates and never by bare numbers."""
