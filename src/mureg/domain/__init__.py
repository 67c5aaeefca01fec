"""The rules of the option, of money and of the month: no I/O, no clock, no printing."""
