"""The adapters of :class:`edge.cameras.port.Camera`: where frames come from."""
