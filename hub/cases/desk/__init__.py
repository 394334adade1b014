"""Officers and their cases: the inbox of any service, one page a case, delegation."""
