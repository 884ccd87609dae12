/** Triggers that act with their definer's rights, before and after → which are new or another and not declared, a sentence each. */
import { engineSql } from '../../database/engine-sql.js';
import type { Session } from '../../database/with-session.js';
import type { Access } from '../../model.js';

export interface DefinerTrigger {
  /** `schema.name` of the function that it calls, and that with its arguments. */
  readonly function: string;
  readonly signature: string;
  readonly name: string;
  readonly relation: string;
  /** A digest of the function, one of the trigger as it is written, and one of its parts. */
  readonly definition: string;
  readonly written: string;
  readonly parts: string;
}

export async function listTriggers(session: Session): Promise<DefinerTrigger[]> {
  const { rows } = await session.query<DefinerTrigger>(engineSql('access_triggers'));
  return rows;
}

export interface Triggers {
  readonly before: readonly DefinerTrigger[];
  readonly after: readonly DefinerTrigger[];
  readonly access: Pick<Access, 'functions'>;
}

/** Whoever may write the table is not asked: a function, a key or another trigger may write it for them. */
export function compareTriggers({ before, after, access }: Triggers): string[] {
  const added = after.filter(
    (now) => !before.some((then) => isSame(then, now)) && !access.functions.includes(now.function),
  );
  return added.map(({ signature, name, relation }) => {
    const was = before.find((then) => then.name === name && then.relation === relation);
    return `whoever writes ${relation} sets off ${signature} by the trigger ${name}, which acts with its owner's rights and is ${
      was === undefined ? 'new' : 'another than before'
    }: declare it under access.functions of bundle.yml`;
  });
}

const isSame = (then: DefinerTrigger, now: DefinerTrigger): boolean =>
  then.signature === now.signature &&
  then.definition === now.definition &&
  (then.written === now.written || then.parts === now.parts);
