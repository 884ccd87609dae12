/** A stand-in for an extension that the server has not → the SQL that makes it, as one message to be sent by a superuser. */
import type { StandIn } from '../model.js';
import { quoteIdentifier } from './quote.js';

/** `schema`: where `create extension` would have made it. */
export function renderStandIn({ file }: StandIn, schema: string): string {
  return file.text.replaceAll('@extschema@', () => quoteIdentifier(schema));
}
