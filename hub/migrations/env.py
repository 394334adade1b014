"""Run by Alembic: the connection is given by :mod:`hub.migrations.schema`."""

from alembic import context

from hub.migrations.schema import is_ours, metadata


def run() -> None:
    """Run the revisions on the connection that was passed in."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=metadata(),
        render_as_batch=connection.dialect.name == "sqlite",
        include_name=lambda name, kind, _parents: is_ours(name, kind),
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    if connection.in_transaction():
        connection.commit()


run()
