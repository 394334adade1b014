"""Why something was dark: from what was probed to camera, power or link."""
