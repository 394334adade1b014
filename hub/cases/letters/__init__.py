"""Letters of the city: from the answers of a case to a sealed PDF, its archive and its verification."""
