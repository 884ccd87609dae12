/** Every race of the chat fix and of what it makes. */
import { applicationRaces } from './application-races.js';
import { fixRaces } from './fix-races.js';
import type { Race } from './race.js';

export const races: readonly Race[] = [...applicationRaces, ...fixRaces];
