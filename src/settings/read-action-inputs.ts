/** The runner's environment → inputs as text. */
import * as core from '@actions/core';
import { readActionInputs } from './action-definition.js';
import type { RawInputs } from './input-reader.js';

export function readInputs(): RawInputs {
  const definitions = readActionInputs();
  const values = new Map<string, string>();
  for (const name of definitions.keys()) {
    const value = core.getInput(name, { trimWhitespace: false });
    if (value !== '') values.set(name, value);
  }
  return { definitions, values };
}
