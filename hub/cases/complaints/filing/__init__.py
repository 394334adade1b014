"""A complaint on its way in: the page, what is offered before it is sent, the word of thanks."""
