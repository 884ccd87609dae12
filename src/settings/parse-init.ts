/** Inputs of `init` → its settings. */
import type { InputReader } from './input-reader.js';
import { parsePostgres, parseRows } from './parse-rehearse.js';
import type { InitFrom, InitSettings } from './settings.js';

export function parseInit(inputs: InputReader): InitSettings {
  const platform = inputs.text('for') === null ? null : inputs.oneOf('for', ['plain', 'supabase'] as const);
  const from = parseFrom(inputs, platform);
  const [given = 'public.notes', ...others] = inputs.lines('table');
  if (from === null && others.length > 0) {
    inputs.problem('table', 'takes one table, where before does not say what is there');
  }
  const table = qualified(given);
  if (from === null && !/^public\.[a-z_][a-z0-9_]*$/.test(table)) {
    inputs.problem('table', `"${given}" is not a table of public, public.name in lower case`);
  }
  return {
    command: 'init',
    folder: inputs.text('folder') ?? 'fix',
    title: inputs.text('title'),
    from,
    table,
    owner: columnOf(inputs, 'owner', 'author'),
    text: columnOf(inputs, 'text', 'body'),
    platform: platform ?? 'plain',
  };
}

function parseFrom(inputs: InputReader, platform: InitFrom['platform']): InitFrom | null {
  const before = inputs.lines('before');
  const rows = parseRows(inputs);
  const tables = inputs.lines('table');
  if (before.length > 0 && inputs.text('text') !== null) {
    inputs.problem('text', 'is for the example, and before says what is there. Take one of them out');
  }
  // What is wrong with it is told also where it is not asked for.
  const postgres = parsePostgres(inputs);
  if (before.length === 0) return null;
  return {
    before,
    rows,
    tables: tables.length === 0 ? null : tables.map(qualified),
    owner: inputs.text('owner'),
    platform,
    postgres,
  };
}

function qualified(table: string): string {
  return table.includes('.') ? table : `public.${table}`;
}

function columnOf(inputs: InputReader, name: string, standard: string): string {
  const given = inputs.text(name) ?? standard;
  if (inputs.text('before') === null && !/^[a-z_][a-z0-9_]*$/.test(given))
    inputs.problem(name, `"${given}" is not a column, in lower case`);
  return given;
}
