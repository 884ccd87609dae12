/** The chosen sections and the checks → one script for psql or the hosting's SQL editor. */
import type { Bundle, BundleSetting, SectionChoice } from '../model.js';
import { renderSettingValue } from './choose-settings.js';
import { renderBody } from './render-body.js';
import { renderOverview } from './render-overview.js';

/** For the prelude and the sections: only Postgres' own names need no schema, and no temporary object comes before them. */
const fixSearchPath = 'set local search_path = pg_catalog, pg_temp';

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
    [notice(`Section ${number}: ${title}`), ...[file, ...parts].map(renderBody)].join('\n\n'),
  );
  const checks = bundle.checks.map(
    ({ number, title, file }) => `-- Check ${number}: ${title}\n${renderBody(file)}`,
  );
  return `${[
    renderOverview(bundle, choice),
    'begin;',
    `${fixSearchPath};`,
    `set local lock_timeout = ${options.lockTimeout};`,
    `set local statement_timeout = ${options.statementTimeout};`,
    ...bundle.settings.map(setLocal),
    ...(hasPrelude ? [engineBody(options.makePrelude), ...bundle.prelude.map(renderBody)] : []),
    ...sections,
    ...(hasPrelude ? [engineBody(options.dropPrelude)] : []),
    notice(`${bundle.title.replaceAll(/\s+/g, ' ')}: done. The checks follow; every row must say true.`),
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
  return renderBody({ path: 'sql/engine', text });
}

function notice(text: string): string {
  return `do $notice$ begin raise notice '%', '${text.replaceAll("'", "''").replaceAll('$notice$', '')}'; end $notice$;`;
}
