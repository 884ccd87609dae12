/** Takes what the step was given; has the runner hide every secret in it, in every form. */
import * as core from '@actions/core';
import { readAddressSecrets, secretForms } from '../secrets.js';

export interface Given {
  readonly inputs: ReadonlyMap<string, string>;
  /** `PGPASSWORD` is used where an address holds no password. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Returns the forms: what is sent elsewhere than to the log passes no runner. Must come before anything is printed. */
export function hideInputs(given: Given): readonly string[] {
  const forms = collectSecrets(given).flatMap(secretForms);
  for (const form of forms) {
    core.setSecret(form);
  }
  return forms;
}

export function collectSecrets({ inputs, environment }: Given): readonly string[] {
  const given = (name: string) => inputs.get(name) ?? '';
  // `before` takes several, one a line, among paths.
  const addresses = [given('postgres-url'), given('database-url'), ...given('before').split('\n')].map(
    (text) => text.trim(),
  );
  const { PGPASSWORD: password = '' } = environment;
  // As in an address: one that is the user's name protects nothing.
  const isName = addresses.some((address) => address.includes(`://${password}@`));
  return [
    inputs.get('github-token') ?? '',
    ...addresses.flatMap(readAddressSecrets),
    ...(isName ? [] : [password]),
  ].filter((secret) => secret !== '');
}
