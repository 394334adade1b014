"""Live video: a camera's own packets in fragments, only while somebody watches. Nothing is decoded."""
