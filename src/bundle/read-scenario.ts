/** A scenario file → its steps, with every mistake added to `problems`. */
import type { Actor, Expectation, Scenario, SqlFile, Step } from '../model.js';
import type { NumberedFile } from './list-sql-files.js';
import { type Header, indexHeaders, readHeaders, titleOf } from './read-headers.js';
import { withoutStrings } from './rewrite-tokens.js';
import { splitStatements } from './split-statements.js';

export function readScenario(
  { number, file }: NumberedFile,
  actors: readonly Actor[],
  problems: string[],
): Scenario {
  const headers = readHeaders(file, problems);
  const firstStep = headers.findIndex((header) => header.key === 'Step');
  const opening = firstStep < 0 ? headers : headers.slice(0, firstStep);
  const title = titleOf(file, indexHeaders(file, opening, ['Title'], problems), problems);
  const steps = firstStep < 0 ? [] : readSteps(file, headers.slice(firstStep), actors, problems);
  if (steps.length === 0)
    problems.push(`${file.path}: has no step. Add "--! Step: …" and what the user does.`);
  return { number, title, steps, file };
}

function readSteps(
  file: SqlFile,
  headers: readonly Header[],
  actors: readonly Actor[],
  problems: string[],
): Step[] {
  const lines = file.text.split('\n');
  const starts = headers.flatMap((header, index) => (header.key === 'Step' ? [index] : []));
  return starts.map((start, position) => {
    const next = starts[position + 1] ?? headers.length;
    const own = headers.slice(start, next);
    const first = own[0] as Header;
    const byKey = indexHeaders(file, own, ['Step', 'As', 'Expect', 'Keep'], problems);
    const where = `${file.path}:${first.line}: step "${first.value}"`;

    const line = (own.at(-1)?.line ?? first.line) + 1;
    const endLine = headers[next]?.line ?? lines.length + 1;
    const sql = lines.slice(line - 1, endLine - 1).join('\n');
    if (splitStatements(sql).length === 0) problems.push(`${where} has no SQL. Write what the actor does.`);

    const actor = byKey.get('As')?.value;
    if (actor === undefined) problems.push(`${where} has no actor. Add "--! As: …".`);
    else if (actor !== 'deployer' && !actors.some((known) => known.name === actor)) {
      const known = ['deployer', ...actors.map((other) => other.name)].join(', ');
      problems.push(
        `${where}: unknown actor "${actor}". Add it to actors in bundle.yml, or use one of ${known}.`,
      );
    }

    const expected = byKey.get('Expect')?.value;
    if (expected === 'refused' && asksWhoRunsIt.test(withoutStrings(sql))) {
      problems.push(
        `${where}: asks who runs it. What it was refused the deployer is to find by the same SQL: leave out current_user and the like.`,
      );
    }

    const asked = expected === 'refused' ? asksWhichTry.exec(withoutStrings(sql))?.[0] : undefined;
    if (asked !== undefined) {
      problems.push(
        `${where}: asks ${asked}, which may be answered otherwise when it is tried again. Leave it out; whether something refused the step is found by trying it without the policies.`,
      );
    }

    const keep = byKey.get('Keep')?.value ?? null;
    if (keep !== null && !/^[a-z_][a-z0-9_]*$/.test(keep)) {
      problems.push(
        `${where}: "${keep}" is not a name to keep a value under: lower case letters, digits and _.`,
      );
    }

    const expectation = parseExpectation(expected ?? '');
    if (expectation === null) {
      problems.push(
        `${where}: "Expect: ${expected ?? ''}" is none of rows N, affected N, value TEXT, error SQLSTATE [TEXT], refused.`,
      );
    }
    return {
      title: first.value,
      actor: actor ?? '',
      expectation: expectation ?? { kind: 'refused' },
      keep,
      line,
      sql,
    };
  });
}

const asksWhoRunsIt =
  /(?<![.\w"])(current_user|session_user|current_role|user|pg_has_role|has_\w+_privilege|row_security_active)(?![\w"])|pg_catalog\s*\.\s*(pg_has_role|has_\w+_privilege|row_security_active)/i;

/** What may answer otherwise the next time, or once the rules are out of the way. */
const asksWhichTry =
  /\b(nextval|currval|lastval|clock_timestamp|statement_timestamp|timeofday|random|pg_sleep\w*|pg_current_xact_id\w*|txid_\w+|pg_current_wal\w*|pg_stat_\w+|relrowsecurity|relforcerowsecurity|rowsecurity|tgenabled|pg_polic(?:y|ies)|pg_locks?|pg_lock_status)\b/i;

export function parseExpectation(text: string): Expectation | null {
  const count = /^(rows|affected) (\d+)$/.exec(text);
  if (count) return { kind: count[1] as 'rows' | 'affected', count: Number(count[2]) };
  const value = /^value (.*)$/.exec(text);
  if (value?.[1] !== undefined) return { kind: 'value', text: value[1] };
  const error = /^error ([0-9A-Z]{5})(?: (.+))?$/.exec(text);
  if (error?.[1]) return { kind: 'error', sqlstate: error[1], message: error[2] ?? null };
  return text === 'refused' ? { kind: 'refused' } : null;
}
