"""Files in and files out: reading what people upload, writing Word, PDF and spreadsheets.

`reading` gives the text of a document, `spreadsheet` the cells of a table and files of tables, `paper` the
model of an administrative document that `word` and `pdf` print, `book` paper registers and one-page
summaries. Nothing here knows a topic, the database or Django; heavy libraries are imported inside the
functions that need them.
"""
