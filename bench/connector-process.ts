import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { fakeAppId } from '../test/fakes/teams.ts';
import { answerParent } from './processes.ts';

// A Bot Connector that takes every card and keeps none, so that it is never what is measured. Tokens and keys are real.

const issuer = 'https://api.botframework.com';
const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
const jwk = { ...(await exportJWK(publicKey)), kid: 'bench', use: 'sig', alg: 'RS256', endorsements: ['msteams'] };

let calls = 0;
let lastAt = 0;

const answer = (response: ServerResponse, status: number, body: unknown) => {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
};

const server = createServer((request: IncomingMessage, response: ServerResponse) => {
  if (request.url === '/keys') return answer(response, 200, { keys: [jwk] });
  if (request.url === '/openid')
    return answer(response, 200, {
      issuer,
      jwks_uri: `${origin}/keys`,
      id_token_signing_alg_values_supported: ['RS256'],
    });
  request.resume();
  request.on('end', () => {
    if (!request.headers.authorization) return answer(response, 401, {});
    calls += 1;
    lastAt = Date.now();
    answer(response, request.method === 'PUT' ? 200 : 201, { id: `1${lastAt}${calls}` });
  });
});
server.keepAliveTimeout = 60_000;
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const serviceUrl = `${origin}/teams/`;

const now = Math.floor(Date.now() / 1000);
const token = await new SignJWT({ serviceurl: serviceUrl })
  .setProtectedHeader({ alg: 'RS256', kid: 'bench', typ: 'JWT' })
  .setIssuer(issuer)
  .setAudience(fakeAppId)
  .setIssuedAt(now - 60)
  .setNotBefore(now - 60)
  .setExpirationTime(now + 3600)
  .sign(privateKey);

const questions = {
  where: () => ({ serviceUrl, openIdMetadataUrl: `${origin}/openid`, token }),
  /** How many cards came, and when the last one did. */
  delivered: () => ({ calls, lastAt }),
};
export type ConnectorQuestions = typeof questions;

answerParent(questions, async () => {
  server.closeAllConnections();
  server.close();
});
