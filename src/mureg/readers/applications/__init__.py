"""Clients' applications: tables, the XML of 1C, and mureg's own JSON.

fields.py       the fields of an application: their headers and parsers
table.py        CSV and XLSX
xml.py          “Заявление 2.11”
xml_tree.py     the elements of an XML file, within the limits
certificate.py  the owner's data in a certificate
json_file.py    JSON: one object, an array, lines
json.py         one object of JSON as an application
json_model.py   the model of an application in JSON
"""
