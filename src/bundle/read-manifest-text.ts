/** The folder of a bundle → the text of its bundle.yml, for whoever reads it, or says where in it something stands. */
import path from 'node:path';
import { assertConfined } from './confine.js';
import { readText } from './read-text.js';

export async function readManifestText(folder: string): Promise<string> {
  const name = 'bundle.yml';
  await assertConfined(path.join(folder, name), folder, name);
  return readText(path.join(folder, name), name);
}
