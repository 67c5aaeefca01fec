"""Programs that try to break mureg: kill, interrupt, damage, fuzz, overload. `python tools/faults -h` lists them.

tests/faults runs a little of each; here they run as long as asked for.
"""
