/** What a manifest was found to lack or to have wrong → a sentence that says where, and what is to be there. */
import { type Document, isMap, isNode, isScalar, type LineCounter } from 'yaml';
import type { z } from 'zod';
import { nearNames } from './near-names.js';

export interface ManifestText {
  readonly document: Document;
  readonly lines: LineCounter;
  /** As editors complete by it. */
  readonly schema: JsonSchema;
}

export interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

type Path = readonly PropertyKey[];

export function describeIssue(issue: z.core.$ZodIssue, text: ManifestText): string[] {
  const key = issue.path.map(String).join('.') || 'the file';
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((unknown) => {
      const near = nearKeys(unknown, keysAt(text.schema, issue.path));
      const remedy = near.length > 0 ? `${near.join(' or ')} may be meant` : 'Take it out or correct it';
      return `${placeOf([...issue.path, unknown], text)}: ${key}: unknown key "${unknown}". ${remedy}.`;
    });
  }
  const isMissing = issue.path.length > 0 && !text.document.hasIn(issue.path);
  const place = placeOf(isMissing ? issue.path.slice(0, -1) : issue.path, text);
  return [`${place}: ${key}: ${isMissing ? sayMissing(issue) : reasonOf(issue)}.`];
}

function sayMissing(issue: z.core.$ZodIssue): string {
  return issue.code === 'invalid_value'
    ? `missing. Give one of ${issue.values.map(String).join(', ')}`
    : 'missing. Add it';
}

const kinds: Readonly<Record<string, string>> = {
  array: 'a list, [one, another]',
  object: 'a map, key: value',
  record: 'a map, key: value',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  null: 'nothing',
};

function reasonOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? issue.message;
  if (issue.code === 'invalid_type') {
    const [, received = ''] = /received (\w+)/.exec(issue.message) ?? [];
    const is = kinds[received]?.split(',')[0] ?? received;
    return `is to be ${kinds[issue.expected] ?? issue.expected}, and is ${is}`;
  }
  if (issue.code === 'invalid_value') return `is none of ${issue.values.map(String).join(', ')}`;
  const [, told] = /^Invalid discriminator value\. Expected (.*)$/.exec(issue.message) ?? [];
  if (told !== undefined) return `is none of ${told.replaceAll(' | ', ', ').replaceAll("'", '')}`;
  if (issue.code === 'too_small' && Number(issue.minimum) === 1) return 'is empty. Give one at least';
  return issue.message;
}

/** `bundle.yml:4`; of the whole file, or of what stands nowhere, without a line. */
function placeOf(path: Path, { document, lines }: ManifestText): string {
  for (let length = path.length; length > 0; length -= 1) {
    const start = startOf(path.slice(0, length), document);
    if (start !== null) return `bundle.yml:${lines.linePos(start).line}`;
  }
  return 'bundle.yml';
}

/** Of a key of a map, the key: its value may begin a line below. */
function startOf(path: Path, document: Document): number | null {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (isMap(parent)) {
    const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(path.at(-1)));
    return isScalar(pair?.key) ? (pair.key.range?.[0] ?? null) : null;
  }
  const node = document.getIn(path, true);
  return isNode(node) ? (node.range?.[0] ?? null) : null;
}

function nearKeys(unknown: string, known: readonly string[]): string[] {
  return nearNames(
    { schema: null, name: unknown },
    known.map((name) => ({ schema: null, name, written: name })),
  );
}

/** Those that are known in that place. */
function keysAt(schema: JsonSchema, path: Path): string[] {
  const forms = [schema, ...(schema.anyOf ?? [])];
  const [first, ...rest] = path;
  if (first === undefined) return forms.flatMap(({ properties }) => Object.keys(properties ?? {}));
  return forms.flatMap(({ properties, additionalProperties, items }) => {
    const next =
      typeof first === 'number'
        ? items
        : (properties?.[String(first)] ??
          (typeof additionalProperties === 'object' ? additionalProperties : undefined));
    return next === undefined ? [] : keysAt(next, rest);
  });
}
