"""What comes in: typed values, answers, streams.

prompt.py       the choice of an application, if no number was typed
key_prompt.py   look through several things, and answer each with a key
choice.py       the options that choose new applications, and the question before
values.py       dates, months, tiers and other values that are typed
completion.py   what Tab completes
tab_finders.py  what Tab finds in the register
streams.py      input that can be read only once
"""
