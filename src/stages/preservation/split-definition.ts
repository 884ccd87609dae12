/** A function as Postgres writes it → what is said before its text, and the text; null where Postgres keeps its body parsed, which holds on to what it names. */
export function splitDefinition(definition: string): { readonly head: string; readonly body: string } | null {
  const [, head, , body] = /^(.*?)\nAS (\$\w+\$)(.*)\2\s*$/s.exec(definition) ?? [];
  return head === undefined || body === undefined ? null : { head, body };
}
