"""How well doors read: which one has bad light, bad focus or a processor that is too slow."""
