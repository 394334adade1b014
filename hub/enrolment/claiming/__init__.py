"""From a claim code to a certificate: the code, the question of a blank device, the bundle."""
