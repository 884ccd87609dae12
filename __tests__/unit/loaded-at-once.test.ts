/** What the command line loads whatever it is asked for: help and mistakes are told at once. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';

const source = path.resolve(import.meta.dirname, '../../src');

/** The packages and files that an import of the file loads, without what is imported where it is needed. */
function listLoaded(file: string, loaded = new Set<string>()): ReadonlySet<string> {
  if (loaded.has(file)) return loaded;
  loaded.add(file);
  const text = readFileSync(path.join(source, file), 'utf8');
  for (const [, target = ''] of text.matchAll(
    /^(?:import|export)\s(?!type\s)(?:[^'";]*\sfrom\s)?'([^']+)'/gm,
  )) {
    if (target.startsWith('.')) {
      listLoaded(path.join(path.dirname(file), target).replace(/\.js$/, '.ts'), loaded);
    } else {
      loaded.add(target);
    }
  }
  return loaded;
}

const packages = (entry: string) =>
  [...listLoaded(entry)].filter((name) => !name.endsWith('.ts') && !name.startsWith('node:')).sort();

describe('the command line', () => {
  it('loads no more than it takes to read its words', () => {
    expect(packages('cli.ts')).toEqual(['commander', 'yaml']);
  });

  it('is seen to load more for its work', () => {
    expect(packages('carry-out.ts')).toEqual(expect.arrayContaining(['log-update', 'pg', 'zod']));
  });

  it.each(['smol-toml', 'junit-report-builder', '@supabase/pg-delta/plan'])(
    'loads %s only where it is needed',
    (name) => {
      expect(packages('carry-out.ts')).not.toContain(name);
    },
  );
});
