"""The operator's statement of a month: what it counts as sold, row by row."""
