"""SP4N-LAPOR!: complaints in and out as files; the national system has no interface that is open to us."""
