"""What the forms of the editor ask for, how they are read and drawn."""
