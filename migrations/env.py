"""Runs the migrations on the connection that kdt.store.migrate hands over."""

from alembic import context

from kdt.store import migrate, models

with migrate.connection(context.config) as connection:
    context.configure(
        connection=connection,
        target_metadata=models.load(),
        compare_server_default=True,
        # One transaction for each: an interrupted upgrade keeps the finished ones.
        transaction_per_migration=True,
        on_version_apply=migrate.let_application_read_version,
    )
    with context.begin_transaction():
        context.run_migrations()
