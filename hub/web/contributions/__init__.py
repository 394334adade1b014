"""What concerns add to pages of others: tiles of boards, cards of summaries, lines of a hand-over."""
