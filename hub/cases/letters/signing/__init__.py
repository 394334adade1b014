"""The signer's screen on a phone: what waits, one page of facts, PIN again, sign or send back."""
