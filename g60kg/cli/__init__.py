"""The command line: parses arguments, calls the library, prints results."""

import gc
import sys

# Nearly all objects of a command live to its end, and those of its imports, too. In a server, the
# objects of replaced stores wait for the collector, with their files.
if not {"serve", "mcp"}.intersection(sys.argv):
    gc.set_threshold(50_000)
