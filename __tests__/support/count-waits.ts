/** Work of sessions → for how many answers they wait: each takes its way, from a server that is far away. */
import pg from 'pg';

export interface Waits<T> {
  readonly result: T;
  /** What is sent while an answer is awaited waits for no other. */
  readonly waits: number;
}

/** `whileLocked`: from when a session has locked the tables against writers to the end of its transaction. */
export async function countWaits<T>(work: () => Promise<T>, { whileLocked = false } = {}): Promise<Waits<T>> {
  const { query } = pg.Client.prototype;
  const underWay = new Map<pg.Client, number>();
  const locked = new Set<pg.Client>();
  let waits = 0;
  const counted = function (this: pg.Client, ...given: unknown[]): unknown {
    const [asked] = given as [string | pg.QueryConfig];
    const text = typeof asked === 'string' ? asked : asked.text;
    const before = underWay.get(this) ?? 0;
    if (before === 0 && (!whileLocked || locked.has(this))) waits += 1;
    if (/^lock table .* in share row exclusive mode$/.test(text)) locked.add(this);
    if (/^(commit|rollback)$/.test(text)) locked.delete(this);
    underWay.set(this, before + 1);
    const answer: unknown = Reflect.apply(query, this, given);
    const end = () => underWay.set(this, (underWay.get(this) ?? 0) - 1);
    Promise.resolve(answer).then(end, end);
    return answer;
  };
  Object.assign(pg.Client.prototype, { query: counted });
  try {
    const result = await work();
    return { result, waits };
  } finally {
    Object.assign(pg.Client.prototype, { query });
  }
}
