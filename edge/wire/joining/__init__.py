"""How a device comes to its identity and keeps it: claims, requests, certificates, bundles, renewal."""
