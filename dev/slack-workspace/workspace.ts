import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { isLocalHost } from '../../src/runtime/local-host.ts';
import { createClient } from './client.ts';
import type { ApiCall, Json, SlackWorkspace, WorkspaceOptions } from './contract.ts';
import { createDeliverer, post } from './deliver.ts';
import { createHandles } from './handles.ts';
import { viewProblems } from './payload-schema.ts';
import { createPayloads } from './payloads.ts';
import { createPersonView } from './person-view.ts';
import { createRates } from './rates.ts';
import { createSocketMode } from './socket-mode.ts';
import { createState } from './state.ts';
import { createTokens } from './tokens.ts';
import { createTraffic } from './traffic.ts';
import { createTroubles } from './troubles.ts';
import type { Act } from './view.ts';
import { type Answer, createWebApi } from './web-api.ts';

export { sign } from './deliver.ts';

const largestBodyBytes = 1_000_000;

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > largestBodyBytes) throw new Error('the body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

/** WebClient sends a form, in which objects are JSON. */
const argsOf = (contentType: string, body: string): Json => {
  if (contentType.startsWith('application/json')) return JSON.parse(body || '{}') as Json;
  const json = new Set(['blocks', 'view', 'attachments', 'metadata']);
  const read = (key: string, value: string): unknown => {
    try {
      return json.has(key) ? JSON.parse(value) : value;
    } catch {
      return value;
    }
  };
  return Object.fromEntries([...new URLSearchParams(body)].map(([key, value]) => [key, read(key, value)]));
};

const send = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8';
  response.writeHead(status, { 'content-type': type, ...headers });
  response.end(text);
};

/**
 * Slack on this machine: a real HTTP server that behaves towards the app as Slack does, holds it to Slack's limits, and
 * has people in it. Listens on loopback only, and answers no other name.
 */
export async function startSlackWorkspace(options: WorkspaceOptions): Promise<SlackWorkspace> {
  const { command = '/usher', rates = { factor: 1 }, ackWithinMs = 3_000, triggerLivesMs = 3_000 } = options;
  const now = options.now ?? Date.now;
  // The first check compiles the schemas, which takes a good part of a trigger's three seconds.
  viewProblems({ type: 'home', blocks: [] });
  const calls: ApiCall[] = [];
  const state = createState(options);
  const payloads = createPayloads(state);
  const traffic = createTraffic();
  const troubles = createTroubles();
  let origin = '';
  const handles = createHandles({ now, triggerLivesMs, origin: () => origin });
  const tokens = createTokens(options, state, now);
  const socket = createSocketMode(state.bot.appId, () => new URL(origin).host);
  const deliverer = createDeliverer({
    signingSecret: options.signingSecret,
    socket,
    troubles,
    traffic,
    ackWithinMs,
    retryDelaysMs: options.retryDelaysMs ?? [0, 60_000, 300_000],
  });
  const tooMany = rates ? createRates(rates.factor) : () => 0;
  const webApi = createWebApi({
    state,
    payloads,
    handles,
    tokens,
    origin: () => origin,
    openSocket: socket.open,
    appToken: options.appToken,
    onPosted: (message, channel) => {
      if (!options.echo || channel.userId === null) return;
      const teamId = state.teamOf(state.userOf(channel.userId));
      const event = {
        ...payloads.messagePart(message),
        channel: channel.id,
        event_ts: message.ts,
        channel_type: 'im',
      };
      void deliverer.event(payloads.event(event, { teamId }));
    },
    onRevoked: (teamId) => void goodbye(teamId),
  });
  const perform = createClient({ state, payloads, handles, deliverer, command });
  const view = createPersonView(state, options);
  const act = (userId: string, what: Act) => traffic.during(() => perform(userId, what));

  async function goodbye(teamId: string): Promise<void> {
    const about = { teamId };
    await deliverer.event(
      payloads.event({ type: 'tokens_revoked', tokens: { oauth: [], bot: [state.bot.userId] } }, about),
    );
    await deliverer.event(payloads.event({ type: 'app_uninstalled' }, about));
  }

  async function api(method: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const args = argsOf(request.headers['content-type'] ?? '', await readBody(request));
    const call: ApiCall = { method, args, at: new Date(), answered: null };
    calls.push(call);
    const answer = (status: number, body: Answer, headers: Record<string, string> = {}) => {
      call.answered = { status, ok: body.ok, error: body.error ?? null };
      send(response, status, body, headers);
    };
    const limited = (seconds: number) =>
      answer(429, { ok: false, error: 'ratelimited' }, { 'retry-after': String(seconds) });

    const trouble = troubles.forCall(call);
    if (trouble?.delayMs) await sleep(trouble.delayMs);
    if (trouble?.cutBefore) return void response.destroy();
    if (trouble?.status === 429) return limited(trouble.retryAfterSeconds ?? 1);
    if (trouble?.status) return answer(trouble.status, { ok: false, error: trouble.error ?? 'internal_error' });
    if (trouble?.error) return answer(200, { ok: false, error: trouble.error });

    if (!webApi.knows(method)) return answer(200, { ok: false, error: 'unknown_method', req_method: method });
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    const token = bearer ?? (typeof args.token === 'string' ? args.token : null);
    const caller = webApi.caller(method, token);
    if (!('teamId' in caller)) return answer(200, caller as Answer);
    const { teamId } = caller as { teamId: string | null };
    const wait = tooMany(method, teamId ?? '', args.channel);
    if (wait > 0) return limited(wait);
    const result = webApi.answer(method, args, teamId, token);
    if (trouble?.cutAfter) return void response.destroy();
    return answer(200, result, { 'x-oauth-scopes': 'chat:write,commands,im:write,users:read,users:read.email' });
  }

  async function respond(id: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const args = argsOf('application/json', await readBody(request));
    const call: ApiCall = { method: 'response_url', args, at: new Date(), answered: null };
    calls.push(call);
    const trouble = troubles.forCall(call);
    if (trouble?.delayMs) await sleep(trouble.delayMs);
    if (trouble?.cutBefore) return void response.destroy();
    const { status, error } =
      trouble?.status || trouble?.error
        ? { status: trouble.status ?? 404, error: trouble.error ?? 'trouble' }
        : webApi.respond(id, args);
    if (trouble?.cutAfter) return void response.destroy();
    call.answered = { status, ok: error === null, error };
    const headers: Record<string, string> =
      status === 429 ? { 'retry-after': String(trouble?.retryAfterSeconds ?? 1) } : {};
    send(response, status, error === null ? 'ok' : { ok: false, error }, headers);
  }

  function authorise(url: URL, response: ServerResponse) {
    const { client_id: clientId, redirect_uri: redirect, state: given, team } = Object.fromEntries(url.searchParams);
    if (!options.clientId || clientId !== options.clientId) return send(response, 400, 'invalid_client_id');
    if (!redirect || !URL.canParse(redirect)) return send(response, 400, 'bad_redirect_uri');
    const back = new URL(redirect);
    back.searchParams.set('code', tokens.authorise(team || options.team.id));
    if (given !== undefined) back.searchParams.set('state', given);
    response.writeHead(302, { location: back.href }).end();
  }

  /** The page's own calls. Other sites can make a browser send things here, but not as JSON, nor from this origin. */
  async function client(url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { origin: from, 'sec-fetch-site': site, 'content-type': type = '' } = request.headers;
    const user = url.searchParams.get('user') ?? '';
    if (from !== undefined && new URL(from).host !== request.headers.host) return send(response, 403, 'another origin');
    if (site !== undefined && site !== 'same-origin' && site !== 'none') return send(response, 403, 'another site');
    if (!state.users.has(user)) return send(response, 404, 'no such user');
    if (request.method === 'GET' && url.pathname === '/client/state')
      return send(response, 200, view(user), { 'cache-control': 'no-store' });
    if (request.method === 'GET' && url.pathname === '/client/events') return watch(user, response);
    if (request.method !== 'POST' || url.pathname !== '/client/act') return send(response, 404, 'not found');
    if (!/^application\/json\b/.test(type)) return send(response, 415, 'application/json is wanted');
    send(response, 200, await act(user, JSON.parse(await readBody(request)) as Act));
  }

  function watch(userId: string, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    const tell = () => response.write(`data: ${JSON.stringify({ revision: state.clientOf(userId).revision })}\n\n`);
    const listener = (changed: string | null) => {
      if (changed === null || changed === userId) tell();
    };
    state.listeners.add(listener);
    response.on('close', () => state.listeners.delete(listener));
    tell();
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isLocalHost(request.headers.host)) return send(response, 403, 'this is only for this machine');
    const url = new URL(request.url ?? '/', origin);
    const [, family, rest = ''] = /^\/([^/]*)\/?(.*)$/.exec(url.pathname) ?? [];
    if (family === 'api' && request.method === 'POST')
      return traffic.during(() => api(decodeURIComponent(rest), request, response));
    if ((family === 'commands' || family === 'actions') && request.method === 'POST')
      return traffic.during(() => respond(rest, request, response));
    if (url.pathname === '/oauth/v2/authorize') return authorise(url, response);
    if (family === 'client') return client(url, request, response);
    if (options.page?.(request, response)) return;
    send(response, 404, 'not found');
  }

  const server = createServer((request, response) => {
    void serve(request, response).catch(() => response.destroy());
  });
  server.on('upgrade', (request, stream, head) => {
    if (isLocalHost(request.headers.host)) socket.upgrade(request, stream, head);
    else stream.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    apiUrl: `${origin}/api/`,
    origin,
    calls,
    deliveries: deliverer.deliveries,
    deliverTo: (...urls) => deliverer.deliverTo(urls),
    act,
    view,
    onChange: (listener) => {
      state.listeners.add(listener);
      return () => state.listeners.delete(listener);
    },
    addUser: state.addUser,
    updateUser: async (id, change) => {
      const user = state.userOf(id);
      Object.assign(user, change, { updated: Math.floor(Date.now() / 1000) });
      state.changed(null);
      const event = {
        type: 'user_change',
        user: payloads.userObject(user, state.teamOf(user), true),
        cache_ts: user.updated,
        event_ts: state.nextTs(),
      };
      await deliverer.event(payloads.event(event, { teamId: state.teamOf(user) }));
    },
    uninstall: async (teamId = options.team.id) => {
      tokens.revokeTeam(teamId);
      await goodbye(teamId);
    },
    trouble: (...more) => troubles.add(more),
    clearTrouble: troubles.clear,
    lastRequest: deliverer.lastRequest,
    signed: deliverer.signed,
    post,
    refreshSockets: socket.refresh,
    idle: traffic.idle,
    stop: async () => {
      deliverer.stop();
      socket.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
