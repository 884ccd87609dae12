/** The text of a pg_node_tree, an expression as Postgres keeps it → its nodes. */

export interface Node {
  /** `OPEXPR`, `VAR`, `QUERY`. */
  readonly tag: string;
  /** What stands behind `:args`; the first, where a name is written like a field. */
  readonly fields: ReadonlyMap<string, readonly Value[]>;
}

/** A word, a node, or a list in parentheses. */
export type Value = string | Node | readonly Value[];

export const isNode = (value: Value | undefined): value is Node =>
  typeof value === 'object' && !Array.isArray(value);

const token = /[{}()]|\[[^\]]*\]|"(?:\\.|[^"\\])*"|(?:\\.|[^\s(){}])+/gs;

/** All that stand beside each other in it. */
export function readNodes(text: string): readonly Value[] {
  const tokens = text.match(token) ?? [];
  let at = 0;

  const readValue = (): Value => {
    const word = tokens[at] as string;
    at += 1;
    if (word === '{') return readNode();
    return word === '(' ? readUntil(')') : word;
  };

  const readUntil = (end: string | null): Value[] => {
    const values: Value[] = [];
    while (at < tokens.length && tokens[at] !== end) values.push(readValue());
    at += 1;
    return values;
  };

  const readNode = (): Node => {
    const fields = new Map<string, readonly Value[]>();
    const [tag = '', ...rest] = readUntil('}');
    let values: Value[] = [];
    for (const value of rest) {
      if (typeof value !== 'string' || !value.startsWith(':')) {
        values.push(value);
        continue;
      }
      values = [];
      if (!fields.has(value.slice(1))) fields.set(value.slice(1), values);
    }
    return { tag: String(tag), fields };
  };

  return readUntil(null);
}

/** What stands there first. */
export const fieldOf = ({ fields }: Node, name: string): Value | undefined => fields.get(name)?.[0];

/** What stands there as a word, `2950` of `:vartype`. */
export function wordOf(node: Node, name: string): string {
  const value = fieldOf(node, name);
  return typeof value === 'string' ? value : '';
}

const typed = [
  'vartype',
  'consttype',
  'funcresulttype',
  'opresulttype',
  'resulttype',
  'casetype',
  'coalescetype',
  'minmaxtype',
  'paramtype',
  'refrestype',
  'array_typeid',
  'row_typeid',
  'aggtype',
  'wintype',
  'typeId',
  'type',
];

/** The number of the type of an expression's value. */
export function typeOf(node: Node): string {
  if (['SCALARARRAYOPEXPR', 'DISTINCTEXPR', 'BOOLEXPR', 'NULLTEST'].includes(node.tag)) return boolean;
  const subselect = fieldOf(node, 'subselect');
  if (isNode(subselect)) {
    const targets = fieldOf(subselect, 'targetList');
    const [target] = Array.isArray(targets) ? targets : [];
    const value = isNode(target) ? fieldOf(target, 'expr') : undefined;
    return isNode(value) ? typeOf(value) : '';
  }
  return typed.map((name) => wordOf(node, name)).find((type) => type !== '') ?? '';
}

export const boolean = '16';
/** With a zone or without, dates, and times of a day. */
export const times = ['1184', '1114', '1082', '1083', '1266'];
export const texts = ['25', '1043', '1042', '19'];

/** The bytes of a constant; null: it is null. */
export function bytesOf(node: Node): readonly number[] | null {
  if (wordOf(node, 'constisnull') === 'true') return null;
  const bytes = node.fields.get('constvalue')?.[1];
  return typeof bytes === 'string' ? (bytes.match(/-?\d+/g) ?? []).map((byte) => Number(byte) & 255) : [];
}

/** Of a constant text what it says, behind the four bytes of its length. */
export const textOf = (node: Node): string | null =>
  node.tag === 'CONST' ? Buffer.from(bytesOf(node)?.slice(4) ?? []).toString() : null;
