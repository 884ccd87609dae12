/** A name that is not there, and those that are → which of them somebody may have meant. */

export interface KnownName {
  /** null: of what no schema holds, and of what the message names without one. */
  readonly schema: string | null;
  readonly name: string;
  /** As a statement writes it. */
  readonly written: string;
}

/** More would be a list to read. */
const most = 3;

/** The nearest alone: of several that are as near, in the order of their names. */
export function nearNames(
  { schema, name }: Pick<KnownName, 'schema' | 'name'>,
  known: readonly KnownName[],
): string[] {
  const ranked = known.flatMap((one) => {
    const ofSchema = schema === null || one.schema === null ? 0 : distance(schema, one.schema);
    const ofName = distance(name, one.name);
    const isNear = ofName <= reach(name) && (ofName === 0 || ofSchema <= reach(schema ?? ''));
    return isNear ? [{ written: one.written, far: 4 * ofName + Math.min(ofSchema, 3) }] : [];
  });
  const nearest = Math.min(...ranked.map(({ far }) => far));
  const found = ranked.filter(({ far }) => far === nearest).map(({ written }) => written);
  return [...new Set(found)].sort().slice(0, most);
}

/** How many letters of it may be wrong. */
const reach = (name: string) => Math.min(3, Math.max(1, Math.floor(name.length / 3)));

/** Letters left out, put in, replaced, or two of them swapped. `senderId` is `sender_id`. */
export function distance(one: string, other: string): number {
  const a = plain(one);
  const b = plain(other);
  if (Math.abs(a.length - b.length) > 3) return Number.POSITIVE_INFINITY;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const isSame = a[i - 1] === b[j - 1];
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        at(last, j) + 1,
        at(row, j - 1) + 1,
        at(last, j - 1) + (isSame ? 0 : 1),
        isSwapped ? at(beforeLast, j - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

const at = (row: readonly number[], index: number): number => row[index] ?? Number.POSITIVE_INFINITY;

const plain = (name: string): string => name.replaceAll('_', '').toLowerCase();
