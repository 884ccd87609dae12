/** What somebody has → whether it was made on Supabase, by what it names. */
import { openText } from '../before/open-text.js';
import { withLive } from '../copying/open-live.js';
import { isOfSupabase as isLiveOfSupabase } from '../copying/with-copy.js';
import type { BeforeFile } from '../model.js';
import { parsePostgresUrl } from '../postgres/parse-postgres-url.js';
import { resolveConnection } from '../postgres/resolve-connection.js';

const ofSupabase =
  /\bauth\.(uid|role|jwt)\(\)|\bauth\.users\b|\bsupabase_\w+|\bto "?(authenticated|anon|service_role)\b/i;

/** Of each file, so much is looked at. */
const mostCharacters = 4_000_000;

export async function isOfSupabase(files: readonly BeforeFile[], signal: AbortSignal): Promise<boolean> {
  for (const file of files) {
    if (/(^|[/\\])supabase([/\\]|$)/.test(file.path)) return true;
    if (
      await (file.form.kind === 'database'
        ? isDatabaseOf(file.form.address, signal)
        : isTextOf({ ...file, form: file.form }))
    )
      return true;
  }
  return false;
}

async function isDatabaseOf(address: string, signal: AbortSignal): Promise<boolean> {
  const connection = await resolveConnection(
    parsePostgresUrl(address, 'before', { isSomebodys: true }),
    'before',
  );
  return withLive(connection, signal, ({ session }) => isLiveOfSupabase(session));
}

async function isTextOf(file: Parameters<typeof openText>[0]): Promise<boolean> {
  let read = 0;
  for await (const text of openText(file)) {
    if (ofSupabase.test(text)) return true;
    read += text.length;
    if (read > mostCharacters) break;
  }
  return false;
}
