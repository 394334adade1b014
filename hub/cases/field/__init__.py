"""Work outside: an officer's tasks on a phone, nearest or most urgent first, with photos before and after."""
