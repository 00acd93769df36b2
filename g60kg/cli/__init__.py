"""The command line: parses arguments, calls the library, prints results."""

import gc

# A command makes many objects that live to its end; the default of 700 takes a fortieth of its time.
gc.set_threshold(50_000)
