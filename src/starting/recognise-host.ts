/** What somebody has → whether it was made on Supabase, by what it names. */
import { openText } from '../before/open-text.js';
import { withLiveAt } from '../copying/open-live.js';
import { isOfSupabase } from '../copying/with-copy.js';
import type { BeforeFile } from '../model.js';

const namesOfSupabase =
  /\bauth\.(uid|role|jwt)\(\)|\bauth\.users\b|\bsupabase_\w+|\bto "?(authenticated|anon|service_role)\b/i;

/** Of each file, so much is looked at. */
const mostCharacters = 4_000_000;

export async function looksLikeSupabase(files: readonly BeforeFile[], signal: AbortSignal): Promise<boolean> {
  for (const file of files) {
    if (/(^|[/\\])supabase([/\\]|$)/.test(file.path)) return true;
    if (
      await (file.form.kind === 'database'
        ? withLiveAt(file.form.address, signal, ({ session }) => isOfSupabase(session))
        : doesTextNameSupabase({ ...file, form: file.form }))
    )
      return true;
  }
  return false;
}

async function doesTextNameSupabase(file: Parameters<typeof openText>[0]): Promise<boolean> {
  let read = 0;
  for await (const text of openText(file)) {
    if (namesOfSupabase.test(text)) return true;
    read += text.length;
    if (read > mostCharacters) break;
  }
  return false;
}
