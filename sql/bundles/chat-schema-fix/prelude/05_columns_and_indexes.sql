--! Title: Tools for columns, keys and indexes

-- They look at definitions, not at names alone, and do nothing where all is as it should be.
