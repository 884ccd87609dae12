/** Takes the inputs as they were given; has the runner hide every secret among them, in every form. */
import * as core from '@actions/core';
import { readAddressSecrets, secretForms } from '../secrets.js';

const addresses = ['postgres-url', 'database-url'];

/** Returns the forms: what is sent elsewhere than to the log passes no runner. Must come before anything is printed. */
export function hideInputs(inputs: ReadonlyMap<string, string>): readonly string[] {
  const secrets = [
    inputs.get('github-token') ?? '',
    ...addresses.flatMap((name) => readAddressSecrets((inputs.get(name) ?? '').trim())),
  ];
  const forms = secrets.flatMap(secretForms);
  for (const form of forms) {
    core.setSecret(form);
  }
  return forms;
}
