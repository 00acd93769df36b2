"""Release of the data set: RDF, CSV, SQLite, descriptions, checksums and changes."""
