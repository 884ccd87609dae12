--! Title: Tools that change the type of a column, with all that depends on it

-- Postgres changes no type of a column that a view, policy, rule or parsed function reads. These drop what does, and create it again from
-- what Postgres itself prints; what could not be created again as it was is refused. Needed only where a column has another type.
