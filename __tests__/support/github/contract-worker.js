/**
 * The contract's judge, in a thread of its own: a dependency of openapi-backend is an ES module that it `require`s, which
 * Node can do and the module system of the tests cannot.
 */
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import openapiBackend from 'openapi-backend';

const backend = new openapiBackend.OpenAPIBackend({
  definition: JSON.parse(readFileSync(workerData.definition, 'utf8')),
  quick: true,
  coerceTypes: true,
  ajvOpts: { strict: false, validateFormats: false },
});
await backend.init();

const questions = { judgeRequest, judgeAnswer, makeExample };

parentPort.on('message', ({ id, name, question }) => {
  parentPort.postMessage({ id, answer: questions[name](question) });
});

function judgeRequest(request) {
  const operation = backend.matchOperation(request);
  if (operation === undefined) return null;
  return {
    operation: operation.operationId,
    parameters: backend.router.parseRequest(request, operation).params,
    problems: messages(backend.validateRequest(request, operation).errors),
  };
}

function judgeAnswer({ operation, status, body }) {
  const isDescribed = status in backend.getOperation(operation).responses;
  return isDescribed ? messages(backend.validateResponse(body, operation, status).errors) : [];
}

function makeExample(operation) {
  return backend.mockResponseForOperation(operation).mock;
}

function messages(errors) {
  return (errors ?? []).map(({ instancePath = '', message = '' }) => `${instancePath} ${message}`.trim());
}
