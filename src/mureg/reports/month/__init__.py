"""The documents of a month: the act of reconciliation and the list of licences.

document.py       what a document contains, whatever its format
layout.py         a month laid out once, as typed cells
act.py            the act's number, parties, agreed amount and signers
discrepancies.py  what differs, with both sides
labels.py         the labels of states, discrepancies and resolutions
texts.py          the layout as texts, for HTML and PDF
csv.py            CSV
xlsx.py           XLSX
xlsx_act.py       the sheet of the act
xlsx_sheet.py     a sheet of it: typed cells, widths and heights
html.py           HTML
pdf.py            PDF
fallback_font.py  a font for characters that no other font has
"""
