/** GitHub's own description of its API, judging what the double is asked and what it answers. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Document, OpenAPIBackend, type ParsedRequest } from 'openapi-backend';

const fixture = join(process.cwd(), '__tests__', 'fixtures', 'github-openapi.json');

export interface Contract {
  /** The operation's id and path parameters, or null for what GitHub does not have. */
  match(request: ContractRequest): { readonly operation: string; readonly parameters: Parameters } | null;
  /** What is wrong with the request; empty if nothing is. */
  judgeRequest(operation: string, request: ContractRequest): readonly string[];
  /** What is wrong with the answer; an answer that GitHub does not describe (a 500) is judged right. */
  judgeAnswer(
    operation: string,
    answer: { readonly status: number; readonly body: unknown },
  ): readonly string[];
  /** An answer with every field that GitHub promises, to be filled in. */
  exampleAnswer(operation: string): Record<string, unknown> | Record<string, unknown>[];
}

export interface ContractRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export type Parameters = Readonly<Record<string, string>>;

export async function loadContract(): Promise<Contract> {
  const definition = JSON.parse(readFileSync(fixture, 'utf8')) as Document;
  const backend = new OpenAPIBackend({
    definition,
    quick: true,
    coerceTypes: true,
    ajvOpts: { strict: false, validateFormats: false },
  });
  await backend.init();
  return {
    match(request) {
      const operation = backend.matchOperation(request);
      return operation?.operationId === undefined
        ? null
        : {
            operation: operation.operationId,
            parameters: backend.router.parseRequest(request, operation).params as Parameters,
          };
    },
    judgeRequest(operation, request) {
      return messages(backend.validateRequest(request as ParsedRequest, operation).errors);
    },
    judgeAnswer(operation, { status, body }) {
      const described = backend.getOperation(operation)?.responses;
      return described === undefined || !(status in described)
        ? []
        : messages(backend.validateResponse(body, operation, status).errors);
    },
    exampleAnswer(operation) {
      return backend.mockResponseForOperation(operation).mock;
    },
  };
}

function messages(
  errors: readonly { readonly instancePath?: string; readonly message?: string }[] | null | undefined,
): string[] {
  return (errors ?? []).map(({ instancePath = '', message = '' }) => `${instancePath} ${message}`.trim());
}
