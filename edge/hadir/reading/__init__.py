"""How well and how hard a door reads: counting it, and trying less when it is too slow or too hot."""
