--! Title: Tools for privileges

-- Whom the API can become, what they may do, and what an application has to be able to insert.
