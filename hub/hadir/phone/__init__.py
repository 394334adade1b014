"""The phone of a civil servant: enrolling it, its pages, and the offline application behind them."""
