/** A bundle → the expressions and queries of its manifest that Postgres' own parser cannot read, each with its line. */
import type { Bundle } from '../model.js';
import { findInManifest } from './find-in-manifest.js';
import { readSyntax } from './find-syntax-errors.js';
import type { Remark } from './lint-statements.js';
import { lineAt } from './split-statements.js';

export async function lintManifest(bundle: Bundle): Promise<Remark[]> {
  const { path, text } = bundle.manifest;
  const remarks: Remark[] = [];
  for (const { sql, before, after } of sqlOf(bundle)) {
    const problem = await readSyntax(`${before}${sql}${after}`);
    if (problem === null) continue;
    // What is missing at its end is noticed behind it.
    const index = Math.min(Math.max(0, problem.at - before.length), sql.length);
    const line = lineAt(text, findInManifest(text, sql, index)?.index ?? 0);
    remarks.push({ severity: 'mistake', path, line, text: `Postgres cannot read it: ${problem.message}` });
  }
  return remarks;
}

interface Held {
  readonly sql: string;
  /** As the engine asks it. */
  readonly before: string;
  readonly after: string;
}

function sqlOf({ access, changesFrom, claims, preserve }: Bundle): Held[] {
  const facts = preserve.flatMap((kind) => kind.facts);
  const queries = [
    claims,
    access.people,
    ...changesFrom,
    ...facts.map(({ columnsFrom }) => columnsFrom),
    ...access.differences.map(({ columnsFrom }) => columnsFrom),
  ];
  const expressions = [
    ...preserve.flatMap(({ appears, quarantine }) => [appears, ...quarantine.map(({ when }) => when)]),
    ...facts.flatMap(({ normalise, comparedAs, gap, fill }) => [normalise, comparedAs, gap, fill]),
  ];
  return [
    ...queries.map((sql) => ({ sql, before: '', after: '' })),
    ...expressions.map((sql) => ({ sql, before: 'select (', after: '\n)' })),
  ].filter((held): held is Held => held.sql !== null);
}
