"""Looking a device over at its site, step by step with pictures, and signing it off."""
