"""Accounts and the roles they hold: nobody hands out, or takes away, what he does not hold himself."""
