/** The chosen sections and the checks → one script for psql or the hosting's SQL editor. */
import type { Bundle, BundleSetting, SectionChoice, SqlFile } from '../model.js';
import { renderSettingValue } from './choose-settings.js';
import { splitStatements } from './split-statements.js';

/** For the prelude and the sections: only Postgres' own names need no schema, and no temporary object comes before them. */
export const fixSearchPath = 'set local search_path = pg_catalog, pg_temp';

export interface ScriptOptions {
  /** Milliseconds. */
  readonly lockTimeout: number;
  /** Milliseconds. */
  readonly statementTimeout: number;
  /** The engine's SQL around the prelude. */
  readonly makePrelude: string;
  readonly dropPrelude: string;
}

/**
 * One transaction with a NOTICE before each section, then every check as a result set. Reads the same to psql, which sends
 * one statement after the other, and to an editor that sends all of it as one query.
 */
export function renderScript(bundle: Bundle, choice: SectionChoice, options: ScriptOptions): string {
  const hasPrelude = bundle.prelude.length > 0;
  const sections = choice.sections.map(({ number, title, file, parts }) =>
    [notice(`Section ${number}: ${title}`), ...[file, ...parts].map(body)].join('\n\n'),
  );
  const checks = bundle.checks.map(
    ({ number, title, file }) => `-- Check ${number}: ${title}\n${body(file)}`,
  );
  return `${[
    `-- ${oneLine(bundle.title)}`,
    '-- Printed by "schema-fix sql". All of it is applied, or nothing is.',
    'begin;',
    `${fixSearchPath};`,
    `set local lock_timeout = ${options.lockTimeout};`,
    `set local statement_timeout = ${options.statementTimeout};`,
    ...bundle.settings.map(setLocal),
    ...(hasPrelude ? [engineBody(options.makePrelude), ...bundle.prelude.map(body)] : []),
    ...sections,
    ...(hasPrelude ? [engineBody(options.dropPrelude)] : []),
    notice(`${oneLine(bundle.title)}: done. The checks follow; every row must say true.`),
    'commit;',
    // With the search_path of the checks: what Postgres prints of a definition depends on it.
    "begin;\nset local search_path = '';",
    ...checks,
    'commit;',
  ].join('\n\n')}\n`;
}

/** `E''` reads the same whatever `standard_conforming_strings` says. */
function setLocal(setting: BundleSetting): string {
  const value = renderSettingValue(setting).replaceAll('\\', '\\\\').replaceAll("'", "''");
  return `set local schema_fix."${setting.name}" = E'${value}';`;
}

function engineBody(text: string): string {
  return body({ path: 'sql/engine', text });
}

/** Without the engine's header lines, and closed by a semicolon: a check is one query and may have none. */
function body({ text }: SqlFile): string {
  const sql = text
    .split('\n')
    .filter((line) => !line.startsWith('--!'))
    .join('\n')
    .trim();
  // Closed if what follows would be a statement of its own; its last semicolon may be in a comment.
  const isClosed = splitStatements(`${sql}\nnext`).at(-1)?.text === 'next';
  return isClosed ? sql : `${sql}\n;`;
}

function notice(text: string): string {
  return `do $notice$ begin raise notice '%', '${text.replaceAll("'", "''").replaceAll('$notice$', '')}'; end $notice$;`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
