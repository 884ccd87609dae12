/** Property tests draw the same cases in every run, so that a suite says the same twice: `FC_SEED=42 npm test` draws others. */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 20261126) });
