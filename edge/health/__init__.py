"""How the device itself is: probes, the report built from them, and the self-test."""
