/** Takes what Postgres said and gives what to do about it, where the deployment guide's troubleshooting or experience knows. */

export interface Advice {
  readonly sqlstate: string;
  /** Further narrows it by what the message says. */
  readonly message?: RegExp;
  /** Whether only a function said so, in a `raise` of its own. */
  readonly isRaised?: true;
  /** Whether a function of the database came upon it, and no statement of a file. */
  readonly isWithin?: true;
  readonly text: string;
}

const noPath =
  'A function of the database, such as a check, a default or a trigger calls, finds nothing of this name, most likely because it names no schema: a fix is run with an empty search_path. Name the schema in the function, or give it a path: alter function … set search_path = public, extensions, pg_temp.';

/** The first that fits is given; a narrower one stands before a wider one of the same SQLSTATE. */
export const adviceTable: readonly Advice[] = [
  { sqlstate: '42P01', isWithin: true, text: noPath },
  { sqlstate: '42704', isWithin: true, text: noPath },
  {
    sqlstate: '42P01',
    message: /"[^".]+"/,
    text: 'The table is not there, or it is named without its schema: files run with an empty search_path, so write public.name. Otherwise make sure that this is the right database and that an earlier section creates the table.',
  },
  {
    sqlstate: '42P01',
    text: 'The table is not there. Make sure that this is the right database and that an earlier section creates the table.',
  },
  {
    sqlstate: '22P05',
    text: 'The encoding of this database is not UTF8, and has no such character. Take it out of the file that is named, where it may stand in a comment.',
  },
  {
    sqlstate: '42501',
    message: /row-level security/,
    text: 'A row level security policy refuses the row for this role. Look at the with check of the policies of this table, and at its triggers, which may have changed the row before it was checked.',
  },
  {
    sqlstate: '42501',
    message: /denied to set role/,
    text: 'Whoever connects may not act as this role, as the proofs do for its users. Have it granted: grant ROLE to DEPLOYER, from Postgres 16 on with set true.',
  },
  {
    sqlstate: '42501',
    isRaised: true,
    text: 'A function raised this itself, and no privilege is missing. If a trigger called it, look also at the triggers of the table that fire before it: they may have changed the row.',
  },
  {
    sqlstate: '42501',
    message: /must be owner/,
    text: 'Only the owner may change this object. Connect as its owner, or have the owner hand it over with alter … owner to.',
  },
  {
    sqlstate: '42501',
    text: 'The role lacks a privilege. Connect as the owner of the tables (on Supabase the role postgres), or grant what is missing.',
  },
  {
    sqlstate: '42P17',
    message: /infinite recursion/,
    text: 'A policy reads its own table, or another whose policies read it. Let it ask a security definer helper function instead, and drop every policy that still reads the table itself.',
  },
  {
    sqlstate: '42883',
    message: /\bauth\./,
    text: 'This function belongs to Supabase. Rehearse with platform: supabase in bundle.yml, or make sure that this is a Supabase database.',
  },
  { sqlstate: '42883', isWithin: true, text: noPath },
  {
    sqlstate: '42883',
    text: 'No function has this name and these argument types. Name it with its schema, cast the arguments, and make sure that an earlier section creates it.',
  },
  {
    sqlstate: '42P13',
    message: /return type mismatch/,
    text: 'The last statement of the function’s body answers with another type than its declaration says: cast what it selects, or declare what it answers.',
  },
  {
    sqlstate: '42P13',
    message: /cannot (change|remove)/,
    text: 'create or replace cannot change a function’s return type or argument names. Drop the old function first, together with what depends on it.',
  },
  {
    sqlstate: '42703',
    text: 'The column is not there; a legacy database may call it otherwise. Look it up in pg_attribute before using it.',
  },
  {
    sqlstate: '42704',
    message: /^type /,
    text: 'No type has this name here. Name it with its schema, such as public.status or extensions.citext, and make sure that an earlier section, or the extension that brings it, is there.',
  },
  {
    sqlstate: '42704',
    message: /^role /,
    text: 'No role has this name on this server. Roles of the hosting come from the platform of bundle.yml; create any other one before, or leave it out.',
  },
  {
    sqlstate: '42704',
    text: 'Nothing has this name here; a legacy database may call it otherwise, or never have had it. Look it up before you use it, or write if exists.',
  },
  {
    sqlstate: '3F000',
    text: 'The schema is not there. Schemas of the hosting come from the platform of bundle.yml; make sure that it is the right one.',
  },
  {
    sqlstate: '23505',
    text: 'Two rows have the same key. Merge or rename the duplicates before the constraint or index is created.',
  },
  {
    sqlstate: '23503',
    text: 'A row points to one that is not there. Move such orphans out of the way before the foreign key is created.',
  },
  {
    sqlstate: '23502',
    text: 'A column that must have a value is null. Fill it or move the row out of the way before set not null.',
  },
  {
    sqlstate: '23514',
    text: 'A row breaks the check constraint. Put its value right before the constraint is added.',
  },
  {
    sqlstate: '2BP01',
    text: 'Something else depends on this object. Change the object in place, or bring along what depends on it; do not drop with cascade.',
  },
  {
    sqlstate: '42P07',
    text: 'It is there already. Look at the existing definition and replace it only where it is not the right one.',
  },
  {
    sqlstate: '42710',
    text: 'It is there already. Look at the existing definition and replace it only where it is not the right one.',
  },
  {
    sqlstate: '55P03',
    text: 'Another session holds a lock on the table. Nothing was changed. Try again when there is less traffic, or find the session in pg_stat_activity and end it.',
  },
  {
    sqlstate: '40P01',
    text: 'Two sessions waited for each other and Postgres ended this one. Nothing was changed. Try again when there is less traffic.',
  },
  {
    sqlstate: '57014',
    message: /statement timeout/,
    text: 'The statement took longer than statement_timeout allows. Nothing was changed. Raise the timeout, or do the work in smaller parts.',
  },
  {
    sqlstate: '25001',
    text: 'A fix is one transaction, in which this cannot be run. Make the index without concurrently, or run the statement apart from the fix.',
  },
  {
    sqlstate: '2D000',
    text: 'A fix is one transaction, which only the engine ends. Take the commit out of the procedure, or do its work in the section.',
  },
  {
    sqlstate: '55P04',
    text: 'A new value of an enum can be used once the transaction that added it has ended, and a fix is one. Add the value beforehand, or use text with a check.',
  },
  {
    sqlstate: '25006',
    text: 'The query tried to write where only reading is allowed: a check may read only, and a replica cannot be repaired.',
  },
  {
    sqlstate: '42601',
    text: 'Postgres cannot read the statement. Look just before the caret: a comma, a quote or a semicolon is missing or too many.',
  },
  {
    sqlstate: '28P01',
    text: 'The password or the user name is wrong. On Supabase the user of the pooler is postgres.PROJECT.',
  },
  {
    sqlstate: '53100',
    text: 'The disk of the server is full. Make room and try again.',
  },
  {
    sqlstate: '53300',
    text: 'The server has no connection left. Close some, or try again when there is less traffic.',
  },
];

/** One or two sentences in plain words, or null where there is nothing better to say than what Postgres said. */
export function adviceFor(sqlstate: string, message: string, context = ''): string | null {
  const isRaised = /^PL\/pgSQL function [^\n]* at RAISE$/m.test(context.split('\n', 1)[0] ?? '');
  const caller = /^(?:PL\/\w+|SQL) function (.*)$/m.exec(context)?.[1];
  const isWithin = caller !== undefined && !caller.startsWith('inline_code_block');
  const fitting = adviceTable.find(
    (advice) =>
      advice.sqlstate === sqlstate &&
      (advice.message === undefined || advice.message.test(message)) &&
      (advice.isRaised === undefined || isRaised) &&
      (advice.isWithin === undefined || isWithin),
  );
  return fitting?.text ?? null;
}
