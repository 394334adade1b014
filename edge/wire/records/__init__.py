"""What a record can say: the words, and the bodies made of them."""
