"""The database's own wall between organisations: PostgreSQL's row-level security.

Selectors are the first wall and this is the second. It stops a query that forgot its filter;
it does not stop somebody who can write SQL of their own, who could name any organisation.
On SQLite there is no such wall, and everything here does nothing.
"""
