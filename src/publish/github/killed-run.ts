/** What a run notes for the action's last step, should it be killed: how far it has come with a database of somebody's. */
import * as core from '@actions/core';
import { z } from 'zod';
import type { Fate } from '../../database/commit.js';

const begun = 'begun';
const commit = 'commit';
const told = 'told';

const noted = z.object({ transaction: z.string(), fate: z.enum(['yes', 'no', 'unknown']).nullable() });

/** How far it had come. `commit`: the last one that was sent, and what was heard of it; null: none was. */
export interface KilledRun {
  readonly command: string;
  readonly commit: { readonly transaction: string; readonly fate: Fate | null } | null;
}

export function noteBegun(command: string): void {
  core.saveState(begun, command);
}

export function noteCommit(transaction: string, fate: Fate | null): void {
  core.saveState(commit, { transaction, fate });
}

/** Whoever reads the log, the summary or the outputs knows by now. */
export function noteTold(): void {
  core.saveState(told, 'yes');
}

/** In the last step. null: nothing was begun, or what became of it was told. */
export function findKilledRun(): KilledRun | null {
  const command = core.getState(begun);
  if (command === '' || core.getState(told) !== '') return null;
  const sent = core.getState(commit);
  return { command, commit: sent === '' ? null : noted.parse(JSON.parse(sent)) };
}
