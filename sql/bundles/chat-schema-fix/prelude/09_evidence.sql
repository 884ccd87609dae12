--! Title: What decisions rest on

-- Which rows count, whose they are, which functions are in use and what they write. Nothing here changes anything.
