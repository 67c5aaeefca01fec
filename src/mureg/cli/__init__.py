"""The command line: what a user types and sees.

main.py     the nouns, and the one error boundary
commands/   one file for each noun
framework/  what the commands share
views/      how an application and a month are shown
"""
