/** A session that is in a transaction → everything its catalog says, as pg-delta's facts. */

import { isDeepStrictEqual } from 'node:util';
import type { Fact, FactBase } from '@supabase/pg-delta/core';
import type { ExtractResult } from '@supabase/pg-delta/extract';
import type { Query } from '../database/run-file.js';
import { sendInARow } from '../database/send-in-a-row.js';
import type { Session } from '../database/with-session.js';

/** pg-delta would begin a transaction and end it: here there is one, which goes on. */
const ofTransaction = /^\s*(begin|commit|rollback)\b/i;

/** Its comments hold signs for which a database of another encoding has none. */
const inAscii = (text: string) => text.replace(/\P{ASCII}/gu, '?');

type Delta = Pick<typeof import('./pg-delta.js'), 'extract' | 'buildFactBase'>;

/** What it asked in this session the last time: hardly ever another question, so that they can be sent together. */
const lastAsked = new WeakMap<Session, readonly Query[]>();

export async function readFacts(session: Session, delta: Delta): Promise<ExtractResult> {
  const expected = lastAsked.get(session) ?? [];
  const answers = await sendInARow(session, expected);
  const asked: Query[] = [];
  lastAsked.set(session, asked);
  const client = {
    query: async (given: string, values?: unknown[]) => {
      if (ofTransaction.test(given)) return { rows: [], rowCount: 0 };
      const query = { text: inAscii(given), ...(values === undefined ? {} : { values }) };
      const place = asked.push(query) - 1;
      const answer = answers[place];
      if (answer === undefined || !isDeepStrictEqual(expected[place], query)) return session.query(query);
      if (answer.status === 'rejected') throw answer.reason;
      return answer.value;
    },
    release: () => undefined,
  };
  const pool = { connect: async () => client } as unknown as Parameters<typeof delta.extract>[0];
  const result = await delta.extract(pool);
  return { ...result, factBase: withOneNotNull(result.factBase, delta) };
}

/** From 17 on a domain's NOT NULL is a constraint of its own, by its name; pg-delta would make it twice, and take it away twice. */
function withOneNotNull(facts: FactBase, { buildFactBase }: Delta): FactBase {
  const isTwice = ({ id, payload }: Fact) =>
    id.kind === 'domain' &&
    payload.notNull === true &&
    facts.childrenOf(id).some((child) => child.payload.type === 'n');
  const all = facts.facts();
  if (!all.some(isTwice)) return facts;
  const once = all.map((fact) =>
    isTwice(fact) ? { ...fact, payload: { ...fact.payload, notNull: false } } : fact,
  );
  return buildFactBase(once, [...facts.edges], 'liveDb');
}
