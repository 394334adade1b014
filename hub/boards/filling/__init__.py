"""What each kind of tile shows: asked of the engines, with the viewer's right checked here."""
