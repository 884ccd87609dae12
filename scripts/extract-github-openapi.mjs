/**
 * Extracts the few operations that the action uses from GitHub's OpenAPI description, which is too large to depend on,
 * into the fixture of the GitHub double:
 *
 *     npm pack @octokit/openapi@23.0.2 && tar xzf octokit-openapi-23.0.2.tgz
 *     node scripts/extract-github-openapi.mjs package/generated/api.github.com.json
 */
import { readFile, writeFile } from 'node:fs/promises';

const fixture = new URL('../__tests__/fixtures/github-openapi.json', import.meta.url);

const operations = [
  ['/repos/{owner}/{repo}/issues/{issue_number}/comments', ['get', 'post']],
  ['/repos/{owner}/{repo}/issues/comments/{comment_id}', ['patch', 'delete']],
  ['/repos/{owner}/{repo}/issues', ['get', 'post']],
  ['/repos/{owner}/{repo}/issues/{issue_number}', ['patch']],
  ['/repos/{owner}/{repo}/pulls', ['get']],
  ['/repos/{owner}/{repo}/pulls/{pull_number}', ['get']],
  ['/repos/{owner}/{repo}/pulls/{pull_number}/files', ['get']],
  ['/repos/{owner}/{repo}/pulls/{pull_number}/comments', ['get', 'post']],
  ['/repos/{owner}/{repo}/pulls/comments/{comment_id}', ['delete']],
  ['/repos/{owner}/{repo}/check-runs', ['post']],
  ['/repos/{owner}/{repo}/check-runs/{check_run_id}', ['patch']],
];

/** Prose and examples: nothing that validates. */
const prose = new Set(['description', 'example', 'examples', 'externalDocs', 'summary', 'tags']);

/** Keywords whose children are named freely. */
const namedChildren = new Set([
  'properties',
  'paths',
  'schemas',
  'parameters',
  'responses',
  'headers',
  'patternProperties',
]);

const [source] = process.argv.slice(2);
if (source === undefined) {
  throw new Error('Give the path of api.github.com.json as it is in the package @octokit/openapi.');
}
const whole = JSON.parse(await readFile(source, 'utf8'));
const extracted = {
  openapi: whole.openapi,
  info: { title: whole.info.title, version: whole.info.version, license: whole.info.license },
  paths: Object.fromEntries(operations.map(([path, methods]) => [path, pick(whole.paths[path], methods)])),
  components: {},
};
copyReferences(extracted.paths);
await writeFile(fixture, `${JSON.stringify(withoutProse(extracted), null, 1)}\n`);

function pick(object, keys) {
  return Object.fromEntries(keys.map((key) => [key, object[key]]));
}

/** Whatever is referred to comes along, and whatever that refers to. */
function copyReferences(node) {
  if (typeof node !== 'object' || node === null) return;
  if (typeof node.$ref === 'string') {
    const [kind, name] = node.$ref.replace('#/components/', '').split('/');
    extracted.components[kind] ??= {};
    if (name in extracted.components[kind]) return;
    extracted.components[kind][name] = whole.components[kind][name];
    copyReferences(extracted.components[kind][name]);
    return;
  }
  for (const child of Object.values(node)) copyReferences(child);
}

/** `isNamed`: the keys of this object are names that somebody chose (a property called `description`), not keywords. */
function withoutProse(node, isNamed = false) {
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) return node.map((item) => withoutProse(item));
  // The judge of the double takes `nullable` only beside a type; nothing that it is asked about is null there.
  const isUntyped = !isNamed && node.nullable !== undefined && node.type === undefined;
  const kept = Object.entries(node).filter(
    ([key]) => isNamed || !(prose.has(key) || key.startsWith('x-') || (isUntyped && key === 'nullable')),
  );
  return Object.fromEntries(
    kept.map(([key, child]) => [key, withoutProse(child, !isNamed && namedChildren.has(key))]),
  );
}
