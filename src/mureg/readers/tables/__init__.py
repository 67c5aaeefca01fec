"""CSV and XLSX: the encoding, the sheet, the header, and rows as columns of texts."""
