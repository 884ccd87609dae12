import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { UserError } from '../../../src/errors.js';
import { readActionInputs } from '../../../src/settings/action-definition.js';
import { inputsOfCommand, parseSettings } from '../../../src/settings/parse-settings.js';
import { readArguments } from '../../../src/settings/read-arguments.js';
import type { Command } from '../../../src/settings/settings.js';

const read = (...words: string[]) =>
  readArguments(words, { readDefinitions: readActionInputs, version: '1.2.3' });

/** Inputs as the action would get them. */
function inputsOf(...words: string[]): Record<string, string> {
  const result = read(...words);
  if (result.kind === 'print') throw new Error(`printed ${result.text}`);
  return Object.fromEntries(result.raw.values);
}

function printedBy(...words: string[]): string {
  const result = read(...words);
  if (result.kind === 'run') throw new Error('nothing is printed');
  return result.text;
}

describe('readArguments', () => {
  it('rehearses where no command is said, and helps where nothing is', () => {
    expect(printedBy()).toContain('Usage: schema-fix');
    expect(inputsOf('--verbose')).toEqual({ command: 'rehearse' });
    expect(inputsOf('--state', 'empty')).toMatchObject({ command: 'rehearse' });
  });

  it('reads of the options only those of a command that is asked for', () => {
    const readDefinitions = () => {
      throw new Error('the options are read');
    };
    const use = { readDefinitions, version: '1.2.3' };
    expect(readArguments(['--version'], use)).toEqual({ kind: 'print', text: '1.2.3\n' });
    expect(readArguments(['--help'], use)).toMatchObject({ kind: 'print' });
    expect(() => readArguments(['sql'], use)).toThrow('the options are read');
  });

  it('helps with a command, asked either way', () => {
    expect(printedBy('help', 'deploy')).toContain('--backup <dump|copy|confirmed|none>');
    expect(printedBy('help', 'deploy')).toBe(printedBy('deploy', '--help'));
  });

  it('reads an option of several words', () => {
    expect(inputsOf('rehearse', '--state', 'empty', 'views', '--sections', '5,', '8')).toEqual({
      command: 'rehearse',
      states: 'empty\nviews',
      sections: '5,\n8',
    });
  });

  it('reads settings of the bundle, given at once or one by one', () => {
    expect(inputsOf('--set', 'limit=5', 'title=a b', '--set', 'acknowledge=c = d')).toMatchObject({
      settings: 'limit=5\ntitle=a b\nacknowledge=c = d',
    });
    expect(inputsOf('sql', '--set=limit=5')).toMatchObject({ command: 'sql', settings: 'limit=5' });
    expect(inputsOf('sql', '--remains')).toMatchObject({ command: 'sql', remains: 'true' });
  });

  it.each([
    ['--postgres', '16', 'postgres-version'],
    ['--bundle', 'my fix', 'bundle'],
    ['--json', 'report.json', 'json'],
    ['--lock-timeout', '50', 'lock-timeout'],
  ])('reads %s', (option, value, input) => {
    expect(inputsOf('rehearse', option, value)).toMatchObject({ [input]: value });
    expect(inputsOf(`${option}=${value}`)).toMatchObject({ [input]: value });
  });

  it('reads all that monitor may be given', () => {
    const project = ['--supabase-project', 'abcdefghijklmnopqrst', '--supabase-token', 'secret'];
    const result = read('monitor', '--logs', 'a.log', ...project, '--database-url', 'postgres://h/app');
    if (result.kind === 'print') throw new Error('printed');
    expect(parseSettings(result.raw)).toMatchObject({
      command: 'monitor',
      logs: ['a.log'],
      supabase: { project: 'abcdefghijklmnopqrst', token: 'secret', api: 'https://api.supabase.com' },
      databaseUrl: 'postgres://h/app',
    });
  });

  it('hands the address that is wrong for a command on, so that the answer names the right one', () => {
    const result = read('rehearse', '--database-url', 'postgres://h/app');
    if (result.kind === 'print') throw new Error('printed');
    expect(() => parseSettings(result.raw)).toThrow('database-url: is not for rehearse');
  });

  it('reads the file of a restore', () => {
    const result = read('restore', 'x.backup', '--confirm', 'app');
    if (result.kind !== 'run') throw new Error('nothing is run');
    expect(Object.fromEntries(result.raw.values)).toEqual({
      command: 'restore',
      file: 'x.backup',
      confirm: 'app',
    });
    expect(() => read('restore')).toThrow("missing required argument 'file'");
  });

  it('reads --verbose', () => {
    expect(read('--verbose')).toMatchObject({ kind: 'run', verbose: true });
    expect(read('rehearse')).toMatchObject({ kind: 'run', verbose: false });
  });

  it('prints the version', () => {
    expect(printedBy('--version')).toBe('1.2.3\n');
  });

  it('lists exactly the commands there are', () => {
    const listed = [...printedBy('--help').matchAll(/^ {2}([a-z]+) /gm)].map(([, command]) => command);
    expect(listed.filter((command) => command !== 'help').sort()).toEqual(
      Object.keys(inputsOfCommand).sort(),
    );
  });

  it.each(Object.keys(inputsOfCommand) as Command[])(
    'describes each option of %s, and none of another command',
    (command) => {
      const help = printedBy(command, '--help');
      const options = [...help.matchAll(/^ {2}(?:-\w, )?--([a-z-]+)/gm)].map(([, option]) => option);
      const inputs = inputsOfCommand[command];
      const owns: Partial<Record<Command, string[]>> = {
        sql: ['--remains', '--editor'],
        init: ['--folder', '--title', '--table', '--owner', '--text', '--for'],
      };
      const own = owns[command] ?? [];
      expect(options).toHaveLength(inputs.length + ['--verbose', '--help', ...own].length);
      expect(help.includes('--database-url')).toBe(inputs.includes('database-url'));
      expect(help).not.toMatch(/undefined|\(default: \)/);
    },
  );

  it.each([
    ['an unknown option', ['rehearse', '--stat', 'empty'], "unknown option '--stat'"],
    ['an option that is nearly right', ['rehearse', '--bundel', 'x'], 'Did you mean --bundle?'],
    ['an unknown command', ['destroy'], 'unknown command "destroy". The commands are rehearse, '],
    ['a command that is nearly right', ['rehears'], 'unknown command "rehears". Did you mean rehearse? The'],
    ['a word too many', ['sql', 'now'], 'too many arguments'],
    ['an option without its value', ['rehearse', '--bundle'], "option '--bundle <value>' argument missing"],
  ])('refuses %s', (_what, words, message) => {
    expect(() => read(...words)).toThrow(UserError);
    expect(() => read(...words)).toThrow(message);
  });

  it('takes a path that leads upwards for one that is meant', () => {
    const read3 = read('rehearse', '--before', '../app/supabase', 'a.sql', '..', '--bundle', '../fix');
    expect(read3.kind === 'run' && [read3.raw.values.get('before'), read3.raw.values.get('bundle')]).toEqual([
      [path.resolve('../app/supabase'), 'a.sql', path.resolve('..')].join('\n'),
      path.resolve('../fix'),
    ]);
  });

  it('ends each refusal with what to do, on one line', () => {
    expect(() => read('lint', '--stat', 'x')).toThrow("unknown option '--stat'. See schema-fix lint --help.");
    expect(() => read('--bundel', 'x')).toThrow(
      "unknown option '--bundel'. Did you mean --bundle? See schema-fix rehearse --help.",
    );
  });
});
