"""The command line: one file a verb, each with `arguments(parser)` and `run(options) -> int`."""
