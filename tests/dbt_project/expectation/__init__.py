"""What core has to hold, worked out in plain Python from what TMDb answered.

Written anew from the rules of the design, reading neither raw nor a model: where the two differ,
one of them is wrong. `recorded` reads what was answered, `answers` keeps it, `tables` works the
rows out, `comparison` holds them against core. What no answer says, when it came, is handed in.
"""
