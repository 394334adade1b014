"""The market of citizens: what sellers offer, looked over before it is shown; enquiries, no payments."""
