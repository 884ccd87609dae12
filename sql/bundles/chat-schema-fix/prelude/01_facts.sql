--! Title: Facts

-- What the fix knows about chat databases, one fact a row. The sections and the manifest read it here; the checks do not, so
-- that a wrong fact cannot pass itself. To teach the fix another name or word, add it to its list.
