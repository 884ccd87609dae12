/** Inputs of `rehearse` → its settings. */
import type { InputReader } from './input-reader.js';
import { parseApply } from './parse-fix.js';
import type { PostgresSettings, PostgresSource, RehearseSettings } from './settings.js';

export function parseRehearse(inputs: InputReader): RehearseSettings {
  const states = inputs.list('states');
  const before = inputs.lines('before');
  if (states.length > 0 && before.length > 0) {
    inputs.problem(
      'before',
      'builds the starting schema instead of states, so the two cannot be given together',
    );
  }
  const platform = inputs.text('platform');
  if (platform !== null && before.length === 0) {
    inputs.problem(
      'platform',
      'is what before is loaded into: a state names its own. Give before, or take it out',
    );
  }
  return {
    command: 'rehearse',
    ...parseApply(inputs),
    states: states.length > 0 ? states : null,
    before,
    rows: parseRowsOfDatabase(inputs, before),
    platform,
    isStrict: inputs.oneOf('strict', ['true', 'false'] as const) === 'true',
    isTrusted: inputs.oneOf('trust-bundle', ['true', 'false'] as const) === 'true',
    rollsBack: inputs.oneOf('rollback', ['true', 'false'] as const) === 'true',
    shard: parseShard(inputs),
    concurrency: inputs.wholeNumber('concurrency', { from: 1, to: 64 }),
    evidence: inputs.text('evidence'),
    postgres: parsePostgres(inputs),
  };
}

function parseRowsOfDatabase(inputs: InputReader, before: readonly string[]): RehearseSettings['rows'] {
  const isAsked = (inputs.text('rows') ?? 'none') !== 'none';
  if (isAsked && !before.some((item) => /^postgres(ql)?:/i.test(item))) {
    inputs.problem(
      'rows',
      'is how many rows are copied of a database, and before names none. Give its address, or take it out',
    );
  }
  return parseRows(inputs);
}

export function parseRows(inputs: InputReader): RehearseSettings['rows'] {
  const text = inputs.text('rows') ?? 'none';
  if (text === 'none' || text === 'all') return text;
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  inputs.problem('rows', `"${text}" is not none, all, or a number of rows of each table`);
  return 'none';
}

function parseShard(inputs: InputReader): RehearseSettings['shard'] {
  const text = inputs.text('shard');
  if (text === null) return null;
  const [, index, count] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? [];
  if (Number(index) >= 1 && Number(index) <= Number(count))
    return { index: Number(index), count: Number(count) };
  inputs.problem('shard', `"${text}" is not a part of a whole. Write 2/4 for the second of four`);
  return null;
}

export function parsePostgres(inputs: InputReader): PostgresSettings {
  const sources: readonly PostgresSource[] = ['auto', 'url', 'installed', 'embedded', 'docker'];
  const source = inputs.oneOf('postgres-source', sources) ?? 'auto';
  const url = inputs.text('postgres-url');
  if (source === 'url' && url === null)
    inputs.problem('postgres-url', 'is missing, and postgres-source is url. Add it');
  if (url !== null && source !== 'url' && source !== 'auto') {
    inputs.problem('postgres-url', `is given, but postgres-source is ${source}. Leave one of them out`);
  }
  return {
    source,
    major: inputs.wholeNumber('postgres-version', { from: 14, to: 18 }),
    url,
    image: inputs.text('postgres-image'),
  };
}
