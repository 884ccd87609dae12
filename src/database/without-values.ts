/**
 * What Postgres says of a data exception → the same without the value that it quotes. It quotes as the server's language does, and
 * leaves a quotation mark within the value as it is: so all from the first mark to the last is left out.
 */
export function withoutValues(message: string): string {
  return message.replace(quoted, '"…"');
}

const quoted = /["'«»„“”‘’‹›「」『』].*["'«»„“”‘’‹›「」『』]/su;
