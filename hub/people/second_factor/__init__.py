"""The second step of signing in: a code of the moment from an app, or a recovery code."""
