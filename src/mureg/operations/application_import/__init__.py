"""Import applications from files.

importer.py  reads the files, and writes their applications
"""
