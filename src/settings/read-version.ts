/** The version that `package.json` states: the only place where it is written. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { getActionRoot } from '../action-root.js';

export function readVersion(): string {
  const text = readFileSync(path.join(getActionRoot(), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
