--! Title: Supabase since 30 October 2026: nothing in public is granted automatically
--! Needs: supabase

-- What a table, a sequence or a function gets on creation is only what Postgres itself gives: its owner everything, and
-- public the right to execute a function. The API reaches nothing that is not granted explicitly.
alter default privileges for role postgres, supabase_owner, supabase_owner_no_bypass in schema public
    revoke all on tables from anon, authenticated, service_role;
alter default privileges for role postgres, supabase_owner, supabase_owner_no_bypass in schema public
    revoke all on functions from anon, authenticated, service_role;
alter default privileges for role postgres, supabase_owner, supabase_owner_no_bypass in schema public
    revoke all on sequences from anon, authenticated, service_role;
