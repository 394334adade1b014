"""What a kind of register is: fields, rules over them, and how a value is read and written. Pure."""
