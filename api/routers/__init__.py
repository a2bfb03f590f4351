"""One module for each noun: its response model, its query and its routes together."""
