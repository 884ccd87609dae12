/** GitHub's own language service, offline: a workflow's or an action's text → what GitHub would say is wrong with it. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ValidationConfig } from '@actions/languageservice';
import { build } from 'esbuild';
import { parse } from 'yaml';

export interface LanguageService {
  /** The name decides what the text is taken for: `action.yml`, or a workflow. */
  readonly findMistakes: (name: string, text: string) => Promise<string[]>;
}

interface Bundled {
  readonly validate: typeof import('@actions/languageservice').validate;
  readonly registerLogger: typeof import('@actions/languageservice').registerLogger;
  readonly clearCache: () => void;
  readonly TextDocument: typeof import('vscode-languageserver-textdocument').TextDocument;
}

/** What a step may give to the actions of others that our workflows use; the service would fetch it from GitHub. */
const inputsOf: Readonly<Record<string, readonly string[]>> = {
  'actions/cache': ['key', 'path'],
  'actions/checkout': ['path', 'persist-credentials', 'ref', 'repository'],
  'actions/setup-node': [
    'cache',
    'node-version',
    'node-version-file',
    'package-manager-cache',
    'registry-url',
  ],
  'actions/upload-artifact': ['if-no-files-found', 'name', 'overwrite', 'path', 'retention-days'],
  'actions/download-artifact': ['github-token', 'name', 'path', 'pattern', 'run-id'],
  'actions/attest-build-provenance': ['subject-path'],
  'github/codeql-action': ['build-mode', 'category', 'config', 'languages'],
};

const ourAction = 'schema-fix-action';

export async function openLanguageService(root: string): Promise<LanguageService> {
  const { validate, registerLogger, clearCache, TextDocument } = await importBundled();
  const unvalidated: string[] = [];
  // It swallows its own exceptions and then finds nothing wrong; what it logged is the only trace.
  registerLogger({ error: note, warn: note, info: () => undefined, log: () => undefined });
  function note(message: string): void {
    unvalidated.push(message);
  }

  const config: ValidationConfig = {
    actionsMetadataProvider: {
      fetchActionMetadata: async ({ owner, name }) =>
        name === ourAction
          ? parse(await readFile(path.join(root, 'action.yml'), 'utf8'))
          : describeAction(`${owner}/${name}`),
    },
    fileProvider: {
      getFileContent: async (reference) => ({
        name: reference.path,
        content: await readFile(path.join(root, reference.path), 'utf8'),
      }),
    },
  };

  return {
    findMistakes: async (name, text) => {
      unvalidated.length = 0;
      // It keeps what it parsed by name, and would judge an earlier text of the same name.
      clearCache();
      const document = TextDocument.create(`file:///${name}`, 'yaml', 1, nameOurAction(text));
      const found = await validate(document, config);
      return [
        ...found.map(({ message, range }) => `${name}:${range.start.line + 1}: ${message}`),
        ...unvalidated.map((message) => `${name}: could not be validated: ${message}`),
      ];
    },
  };
}

/** The service knows nothing of the inputs of an action that lies beside the workflow; one with a name it looks up. */
function nameOurAction(text: string): string {
  return text.replaceAll(/uses: \.\/(\.schema-fix-action)?$/gm, `uses: owner/${ourAction}@${'0'.repeat(40)}`);
}

function describeAction(name: string) {
  const inputs = inputsOf[name];
  if (inputs === undefined) return undefined;
  return {
    name,
    description: name,
    inputs: Object.fromEntries(inputs.map((input) => [input, { description: input }])),
  };
}

/** It imports JSON as no runtime allows, so it is bundled before it is imported. */
async function importBundled(): Promise<Bundled> {
  const folder = await mkdtemp(path.join(tmpdir(), 'language-service-'));
  try {
    const outfile = path.join(folder, 'language-service.mjs');
    await build({
      stdin: {
        contents: `
          export { validate, registerLogger } from '@actions/languageservice';
          export { clearCache } from '@actions/languageservice/utils/workflow-cache';
          export { TextDocument } from 'vscode-languageserver-textdocument';`,
        resolveDir: import.meta.dirname,
      },
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      // A CommonJS dependency asks for Node's own modules.
      banner: {
        js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`,
      },
      logLevel: 'error',
    });
    return (await import(pathToFileURL(outfile).href)) as Bundled;
  } finally {
    await rm(folder, { recursive: true });
  }
}
