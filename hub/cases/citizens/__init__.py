"""Citizens: who they are, their optional accounts, their documents, and the register that knows them."""
