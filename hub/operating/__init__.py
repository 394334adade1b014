"""Operating the hub: retention, metrics, the status page, the doctor, and logs for programs."""
