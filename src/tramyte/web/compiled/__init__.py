"""The SQL of every indicator in every dialect, brought along so that no station waits for the compiler; made by `make compiled`."""
