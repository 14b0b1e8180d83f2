"""The second wall: what the database itself refuses, should a question ever be asked without its rule.

On PostgreSQL, row-level security (`postgres`, `guards`, `asking`); on SQLite, an authorizer that lets nobody attach a
file, change a table's shape or turn a switch (`sqlite`).
"""
