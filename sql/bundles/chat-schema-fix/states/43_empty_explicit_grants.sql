--! Title: An empty database on a platform that grants nothing by itself
--! Platform: supabase_explicit_grants
--! Quarantine: 0

-- Nothing is there and nothing is granted: whatever the application may do in the end, the fix has said so.
