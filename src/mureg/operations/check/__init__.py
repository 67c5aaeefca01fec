"""The checks of a register: what must always hold, and the history played again."""
