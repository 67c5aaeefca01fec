"""Foreign formats: `reading.read_applications` reads applications, `statement.read_statement` the operator's file.

records             what every reader gives and takes: Source, Batch, Record, Profile, Limits, FileReport
faults              how a reader requests what is wrong
reading             recognises the format by its content, and hands over to one of
  application_xml   the XML of 1C; `certificate` reads who owns the key
  delimited         CSV; `text` recognises its encoding
  xlsx              workbooks; `workbook` looks first whether calamine may open them
  json_format       mureg's own JSON; `json_application` reads one object, `json_text` the text below both
table               what CSV and XLSX share: the header, and rows into applications
  fields            every field: its headers, and the one parser of its text
  columns, quick    the same over whole columns at once, for a million rows
statement           the operator's file; `statement_table` reads its rows
"""
