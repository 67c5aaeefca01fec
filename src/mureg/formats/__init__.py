"""Foreign formats: one file each, behind the one function `read_applications` of `reading`."""
