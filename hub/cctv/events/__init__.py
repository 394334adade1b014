"""What happened before a camera: bad pictures, jams, crowds, high water; with stills before and after."""
