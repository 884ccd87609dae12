/** The checks of a bundle → a complaint of each that asks what its session or transaction has: that is gone when it ends. */
import type { SqlFile } from '../model.js';
import { withoutComments, withoutStrings } from './rewrite-tokens.js';

/** Also in a string, which may name a table. A `search_path` may say `pg_temp`. */
const temporary = /\bpg_temp(?:_\d+)?(?="?\s*\.)/i;

/** A setting of the bundle's own is given to each session. */
const ofTheSession =
  /\bpg_(?:my_temp_schema|backend_pid|locks?|lock_status|cursors?|prepared_statements?|stat_activity|stat_get_activity|stat_xact_\w+|listening_channels|current_snapshot|current_xact_id(?:_if_assigned)?|xact_status|settings|show_all_settings)\b|\btxid_\w+|\bcurrent_setting\b(?!\s*\(\s*'schema_fix\.)|\b(?:clock_timestamp|timeofday|statement_timestamp|random)\b(?=\s*\()/i;

/** What is put together as it runs, or asked by a function, is found by a rehearsal: it asks each check again in a new session. */
export function refuseAskingTheSession(
  checks: readonly { readonly file: SqlFile }[],
  problems: string[],
): void {
  for (const { path, text } of checks.map(({ file }) => file)) {
    const code = withoutStrings(text, saysWhose).split('\n');
    for (const [index, line] of withoutComments(text).split('\n').entries()) {
      const found = (ofTheSession.exec(code[index] ?? '') ?? temporary.exec(line))?.[0];
      if (found === undefined) continue;
      problems.push(
        `${path}:${index + 1}: ${found} is of the session, the transaction or the moment, and tells nothing of what the fix leaves. Ask rows and catalogs.`,
      );
    }
  }
}

/** Of `current_setting`. */
const saysWhose = (token: string): boolean => token.startsWith("'schema_fix.");
