import { describe, expect, it } from '@jest/globals';
import type { Actor, SqlProblem } from '../../../src/model.js';
import { adviseOnStep } from '../../../src/stages/advise-on-step.js';

const ann: Actor = { name: 'ann', role: 'authenticated', claims: {}, session: {}, subject: null };
const adviceOn = (
  sqlstate: string,
  message: string,
  detail: string | null = null,
  actor: Actor | null = ann,
) => adviseOnStep({ sqlstate, message, detail, advice: 'of a fix' } as SqlProblem, actor).advice;

describe('adviseOnStep', () => {
  it('says whose row is missing in which table, and where it is made, without its value', () => {
    const message =
      'insert or update on table "messages" violates foreign key constraint "messages_sender_fkey"';
    const advice = adviceOn('23503', message, 'Key (sender)=(secret) is not present in table "profiles".');
    expect(advice).toContain('ann writes points at one that is not in profiles');
    expect(advice).toContain('scenarios/setup.sql');
    expect(advice).not.toContain('secret');
  });

  it('tells a row that others point at from one that points at nothing', () => {
    const message =
      'update or delete on table "rooms" violates foreign key constraint "x" on table "messages"';
    expect(adviceOn('23503', message)).toContain('Another row still points at the one that ann changes');
  });

  it('names the role that lacks a privilege, not an owner to connect as', () => {
    expect(adviceOn('42501', 'permission denied for table messages')).toContain('Grant it to authenticated');
    expect(adviceOn('42501', 'permission denied for table messages', null, null)).toBe('of a fix');
  });

  it('leaves what a policy refuses, and all else, as it is', () => {
    const message = 'new row violates row-level security policy for table "messages"';
    expect(adviceOn('42501', message)).toBe('of a fix');
    expect(adviceOn('22012', 'division by zero')).toBe('of a fix');
  });
});
