"""The database underneath: the embedded server, the engine, the migrations."""
