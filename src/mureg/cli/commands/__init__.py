"""One file for each noun: parse the arguments, call one operation, show the result."""
