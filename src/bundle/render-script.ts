/** The chosen sections and the checks → one script for psql or the hosting's SQL editor. */
import type { Bundle, BundleSetting, SectionChoice } from '../model.js';
import { renderSettingValue } from './choose-settings.js';
import { renderBody } from './render-body.js';
import { renderChecks } from './render-checks.js';
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
  /** Whether it is for an editor, which knows no command of psql and needs none: it sends all as one query. */
  readonly isForEditor: boolean;
}

/**
 * One transaction with a NOTICE before each section. The checks are its last part, in one result set: an editor shows only
 * the last. Unless all of them pass, an exception ends it, and nothing is applied.
 */
export function renderScript(bundle: Bundle, choice: SectionChoice, options: ScriptOptions): string {
  const hasPrelude = bundle.prelude.length > 0;
  const sections = choice.sections.map(({ number, title, file, parts }) =>
    [notice(`Section ${number}: ${title}`), ...[file, ...parts].map(renderBody)].join('\n\n'),
  );
  const isWholeFix = choice.sections.length === bundle.sections.length;
  return `${[
    renderOverview(bundle, choice),
    ...(options.isForEditor ? [] : [stopAtFirstError]),
    'begin;',
    `${fixSearchPath};`,
    `set local lock_timeout = '${options.lockTimeout}ms';`,
    `set local statement_timeout = '${options.statementTimeout}ms';`,
    // As in the engine's own sessions: a time without a zone and a date are read as they were where the fix was rehearsed.
    "set local timezone = 'UTC';",
    "set local datestyle = 'ISO, MDY';",
    "set local intervalstyle = 'postgres';",
    // To compile the prelude's views took 150 s where to run them took one.
    'set local jit = off;',
    ...bundle.settings.map(setLocal),
    ...(hasPrelude ? [engineBody(options.makePrelude), ...bundle.prelude.map(renderBody)] : []),
    ...sections,
    ...(hasPrelude ? [engineBody(options.dropPrelude)] : []),
    ...(options.isForEditor ? [refuseSavepoints] : []),
    // With the search_path of the checks: what Postgres prints of a definition depends on it.
    "set local search_path = '';",
    ...renderChecks(bundle, { isWholeFix }),
    'commit;',
  ].join('\n\n')}\n`;
}

/** psql would go on after an error, by savepoints of its own where somebody has set that, and keep at the end what is left. */
const stopAtFirstError = '\\set ON_ERROR_STOP on\n\\set ON_ERROR_ROLLBACK off';

/**
 * A client that sets a savepoint before each statement would leave out what failed, the checks' exception too, and commit the
 * rest. What it writes is a subtransaction's, and so two rows stay that the commit refuses. It comes after the
 * sections, which may have constraints checked at once.
 */
const refuseSavepoints = `-- Of a client that sets savepoints of its own the commit fails: it would leave out what failed, and keep the rest.
create temporary table whole_or_nothing (
    is_one boolean constraint "nothing was applied: this client sets savepoints, use another" unique deferrable initially deferred
) on commit drop;
set constraints pg_temp."nothing was applied: this client sets savepoints, use another" deferred;
insert into pg_temp.whole_or_nothing values (true), (true);
delete from pg_temp.whole_or_nothing
where ctid = '(0,1)' and xmin = pg_catalog.pg_current_xact_id()::pg_catalog.text::pg_catalog.xid;`;

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
