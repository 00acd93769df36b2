"""The command line: parses arguments, calls the library, prints results."""

import gc

# A command makes many objects that live to its end; 700, the default, takes a fortieth of its time.
gc.set_threshold(50_000)
