/** The folder of a bundle that was loaded → the text of its bundle.yml, for whoever says where in it something stands. */
import path from 'node:path';
import { readText } from './read-text.js';

export async function readManifestText(folder: string): Promise<string> {
  return readText(path.join(folder, 'bundle.yml'), 'bundle.yml');
}
