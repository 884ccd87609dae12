/** `action.yml`, the only place where an input's description and default are written → inputs by name. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { getActionRoot } from '../action-root.js';

export interface InputDefinition {
  readonly description: string;
  readonly default: string;
}

export function readActionInputs(): ReadonlyMap<string, InputDefinition> {
  const text = readFileSync(path.join(getActionRoot(), 'action.yml'), 'utf8');
  const { inputs } = parse(text) as { inputs: Record<string, { description: string; default?: string }> };
  return new Map(
    Object.entries(inputs).map(([name, { description, default: value }]) => [
      name,
      { description, default: isExpression(value) ? '' : (value ?? '') },
    ]),
  );
}

/** `${{ github.token }}` is for the runner to fill in: where it did not, there is nothing. */
function isExpression(value: string | undefined): boolean {
  return value?.startsWith('${{') ?? false;
}
