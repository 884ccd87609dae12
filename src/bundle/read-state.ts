/** A state file → a starting database, with every mistake added to `problems`. */
import type { State, StateExpectation } from '../model.js';
import type { NumberedFile } from './list-sql-files.js';
import { indexHeaders, readHeaders, titleOf } from './read-headers.js';

const keys = ['Title', 'Platform', 'Deployer', 'Expect', 'Quarantine'];

export function readState({ name, file }: NumberedFile, problems: string[]): State {
  const headers = indexHeaders(file, readHeaders(file, problems), keys, problems);
  const title = titleOf(file, headers, problems);

  const expected = headers.get('Expect');
  const expectation = parseExpectation(expected?.value ?? 'pass');
  if (expectation === null) {
    problems.push(
      `${file.path}:${expected?.line}: "Expect: ${expected?.value}" is neither pass nor refuse SQLSTATE.`,
    );
  }
  const quarantine = headers.get('Quarantine');
  if (quarantine && !/^\d+$/.test(quarantine.value)) {
    problems.push(
      `${file.path}:${quarantine.line}: "Quarantine: ${quarantine.value}" is not a number of rows.`,
    );
  }
  return {
    name,
    title,
    platform: headers.get('Platform')?.value ?? null,
    deployer: headers.get('Deployer')?.value ?? null,
    expectation: expectation ?? { kind: 'pass' },
    quarantine: quarantine ? Number(quarantine.value) : null,
    files: [file],
    before: [],
  };
}

function parseExpectation(text: string): StateExpectation | null {
  if (text === 'pass') return { kind: 'pass' };
  const refuse = /^refuse ([0-9A-Z]{5})$/.exec(text);
  return refuse?.[1] ? { kind: 'refuse', sqlstate: refuse[1] } : null;
}
