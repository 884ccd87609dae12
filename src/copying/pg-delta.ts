/** What is used of pg-delta, which is large: imported by nobody but where a database is copied or a deployment recorded, and only then. */
export { buildFactBase, encodeId } from '@supabase/pg-delta/core';
export { extract } from '@supabase/pg-delta/extract';
export { supabaseProfile } from '@supabase/pg-delta/integrations';
export { plan } from '@supabase/pg-delta/plan';
