"""Who is let in: default deny, sign-in cookie, throttles, security headers, the key of form tokens."""
