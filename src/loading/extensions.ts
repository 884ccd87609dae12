/** What common extensions bring, by the names that an error would say: it tells whose absence a statement suffers from. */
import { escapePattern } from '../escape-pattern.js';

const provided: Readonly<Record<string, RegExp>> = {
  vector: /\b(vector|halfvec|sparsevec|ivfflat|hnsw|vector_\w+|<->|<=>|<#>)(?!\w)/,
  postgis: /\b(geometry|geography|box2d|box3d|st_\w+|spatial_ref_sys|raster)\b/,
  'uuid-ossp': /\buuid_(generate|ns|nil)_?\w*\b/,
  pgcrypto: /\b(gen_salt|crypt|digest|hmac|pgp_\w+|gen_random_bytes|armor|dearmor)\b/,
  citext: /\bcitext\b/,
  hstore: /\bhstore\b/,
  ltree: /\b(ltree|lquery|ltxtquery)\b/,
  pg_trgm: /\b(gin_trgm_ops|gist_trgm_ops|similarity|word_similarity|show_trgm)\b/,
  unaccent: /\bunaccent\b/,
  btree_gist: /\bgist_\w+_ops\b/,
  pg_net: /\bnet\b|\bhttp_(get|post|delete)\b/,
  pg_cron: /\bcron\b/,
  pg_graphql: /\bgraphql\w*\b/,
  pgjwt: /\b(sign|verify|url_encode|url_decode)\b/,
  pgmq: /\bpgmq\b/,
  pgsodium: /\bpgsodium\b/,
  supabase_vault: /\bvault\b/,
  http: /\bhttp(_\w+)?\b/,
  moddatetime: /\bmoddatetime\b/,
  pgroonga: /\bpgroonga\w*\b/,
  timescaledb: /\b(create_hypertable|time_bucket|_?timescaledb\w*)\b/,
  pg_tle: /\bpgtle\b/,
  wrappers: /\b\w+_fdw_(handler|validator)\b/,
};

/** What a text that needs the extension would say; its own name at least. */
export function wordsOfExtension(name: string): RegExp {
  const known = provided[name];
  const own = escapePattern(name);
  return new RegExp(known === undefined ? `\\b${own}\\b` : `\\b${own}\\b|${known.source}`, 'i');
}
