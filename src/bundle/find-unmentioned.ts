/** A bundle → what its manifest names and none of its SQL does, a table or a column that no state can have, each with what may be meant. */
import { escapePattern } from '../escape-pattern.js';
import type { Bundle, SqlFile } from '../model.js';
import { listNames } from './list-names.js';
import { type KnownName, nearNames } from './near-names.js';
import { bothCases, wordsIn } from './words-in.js';

export interface Unmentioned {
  /** As `seen` of a result has it. */
  readonly key: string;
  /** Of bundle.yml. */
  readonly line: number;
  /** Without place and full stop. */
  readonly text: string;
}

/** What SQL puts together from pieces is taken for a typing error only where a state lacks it, too. */
export function findUnmentioned(bundle: Bundle): Unmentioned[] {
  const manifest = bundle.manifest.text;
  const files = filesOf(bundle);
  const texts = files.map(({ text }) => text);
  const words = new Set([...wordsIn(files)].flatMap(bothCases));
  const isMentioned = (name: string) =>
    /^[\w$]+$/.test(name) ? words.has(name) : texts.some((text) => text.includes(name));
  const sql = texts.join('\n');
  return listNames(bundle).flatMap((name): Unmentioned[] => {
    if (name.kind === 'column') {
      const { key, column, whose } = name;
      if (isMentioned(column)) return [];
      const near = nearNames({ schema: null, name: column }, columnsIn(sql));
      const text = `no state has a column ${column} for ${whose}${sayMeant(near)}`;
      return [{ key, line: findLine(manifest, column) || 1, text }];
    }
    const { key, table } = name;
    const [schema, own] = splitName(table);
    if (isMentioned(own)) return [];
    const text = `no state has ${table}${sayMeant(nearNames({ schema, name: own }, tablesIn(sql)))}`;
    return [{ key, line: findLine(manifest, table) || 1, text }];
  });
}

function filesOf(bundle: Bundle): SqlFile[] {
  const {
    access,
    checks,
    platforms,
    prelude,
    prepare,
    reads,
    scenarioSetup,
    scenarios,
    sections,
    states,
    verify,
  } = bundle;
  return [
    ...platforms.flatMap(({ files }) => files),
    ...prelude,
    ...sections.flatMap(({ file, parts }) => [file, ...parts]),
    ...[...checks, ...verify, ...prepare, ...reads, ...scenarios, ...access.rules].map(({ file }) => file),
    ...[scenarioSetup, access.setup].filter((file) => file !== null),
    ...states.flatMap(({ files }) => files),
  ];
}

function splitName(table: string): [string, string] {
  const dot = table.indexOf('.');
  return [table.slice(0, dot), table.slice(dot + 1)];
}

const sayMeant = (near: readonly string[]): string =>
  near.length === 0 ? '' : `; ${near.join(' or ')} may be meant`;

function tablesIn(sql: string): KnownName[] {
  const qualified = [...sql.matchAll(/\b([a-z_]\w*)\.([a-z_]\w*)\b/gi)];
  const made = [...sql.matchAll(/\bcreate table (?:if not exists )?([a-z_]\w*)(?![\w.])/gi)];
  const written = [
    ...qualified.map(([, schema = '', name = '']) => `${schema}.${name}`),
    ...made.map(([, name = '']) => `public.${name}`),
  ];
  return [...new Set(written.map((name) => name.toLowerCase()))].map((table) => {
    const [schema, name] = splitName(table);
    return { schema, name, written: table };
  });
}

/** What stands before a type in a list, as `create table` has them. */
function columnsIn(sql: string): KnownName[] {
  const found = [...sql.matchAll(/[(,]\s*"?([a-z_]\w*)"?\s+[a-z]/gi)].map(([, name = '']) => name);
  const names = new Set(
    found.filter((name) => !/^(constraint|primary|foreign|unique|check|select)$/i.test(name)),
  );
  return [...names].map((name) => ({ schema: null, name, written: name }));
}

/** The first line that has it as a value, or 0. */
export function findLine(manifest: string, value: string): number {
  const pattern = new RegExp(`(?:^|[\\s[{,"'])${escapePattern(value)}(?=$|[\\s\\]},"'#])`);
  return manifest.split('\n').findIndex((line) => pattern.test(line)) + 1;
}
