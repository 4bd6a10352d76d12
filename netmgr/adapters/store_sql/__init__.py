"""The service log in SQL: SQLAlchemy Core, with Alembic for the schema. SQLite's own ways are in ``sqlite`` alone."""
