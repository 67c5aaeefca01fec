"""Lists as tables and files: each declares its columns once, and makes the cells of its rows.

licences.py       licences
organizations.py  organizations
labels.py         the labels of a licence's state and renewal
"""
