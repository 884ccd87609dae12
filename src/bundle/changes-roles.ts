/** SQL → whether it makes, changes or grants roles, which belong to the whole server and not to the database that it runs on. */
import type { SqlFile } from '../model.js';

const ofRoles = /\b(create|alter|drop)\s+(role|user|group)\b(?!\s+mapping)/i;
/** `grant a, b to c`: what is granted on an object says `on`. */
const ofMemberships = /\b(grant|revoke)\s+((?!\b(?:on|grant|revoke)\b)[\w\s,"%$.])+?\s+(to|from)\b/i;

/** Also in SQL that is put together there. */
export function changesRoles(files: readonly SqlFile[]): boolean {
  return files.some(({ text }) => {
    const spoken = text.replace(/--.*$/gm, '');
    return ofRoles.test(spoken) || ofMemberships.test(spoken);
  });
}
