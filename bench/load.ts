import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';

export const concurrency = 16;

export interface Measured {
  readonly count: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

export interface Client {
  post(activity: object): Promise<Answer>;
  close(): void;
}

interface Connections {
  send(path: string, headers: Readonly<Record<string, string>>, body: string): Promise<Answer>;
  close(): void;
}

/** Connections to a bot that stay open. */
function openConnections(url: string): Connections {
  const open = () => new Agent({ keepAlive: true, maxSockets: concurrency });
  let agent = open();
  let usedAt = 0;
  /** Node's server closes a connection that rested for five seconds, perhaps just when the next request is sent. */
  const fresh = () => {
    if (performance.now() - usedAt > 2_000) {
      agent.destroy();
      agent = open();
    }
    usedAt = performance.now();
    return agent;
  };
  const { hostname, port } = new URL(url);
  const send: Connections['send'] = (path, more, body) =>
    new Promise((resolve, reject) => {
      const headers = { ...more, 'content-length': Buffer.byteLength(body) };
      const sent = request({ hostname, port, path, method: 'POST', agent: fresh(), headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
        );
        response.on('error', reject);
      });
      sent.on('error', reject);
      sent.end(body);
    });
  return { send, close: () => agent.destroy() };
}

/** Speaks to a bot as the Bot Connector does: signed, over connections that stay open. */
export function connect(url: string, token: string): Client {
  const { send, close } = openConnections(url);
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  return { post: (activity) => send('/api/messages', headers, JSON.stringify(activity)), close };
}

/** Speaks to an app as Slack does: forms, each signed. */
export function connectSlack(url: string, signingSecret: string): Client {
  const { send, close } = openConnections(url);
  const post = (fields: object) => {
    const body = new URLSearchParams(fields as Record<string, string>).toString();
    const at = Math.floor(Date.now() / 1000);
    const signature = createHmac('sha256', signingSecret).update(`v0:${at}:${body}`).digest('hex');
    return send(
      '/slack/events',
      {
        'content-type': 'application/x-www-form-urlencoded',
        'x-slack-request-timestamp': String(at),
        'x-slack-signature': `v0=${signature}`,
      },
      body,
    );
  };
  return { post, close };
}

const percentile = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

/** What it comes to. */
export function measured(tookMs: readonly number[], seconds: number): Measured {
  const sorted = [...tookMs].sort((a, b) => a - b);
  const count = sorted.length;
  return { count, perSecond: count / seconds, p50Ms: percentile(sorted, 0.5), p99Ms: percentile(sorted, 0.99) };
}

/**
 * Does something again and again, so many at once, for so long or so often. The first fault ends it.
 * @param act may tell how many milliseconds count, where that is not all of it
 */
export async function drive(
  limit: { readonly seconds: number; readonly times: number },
  act: (index: number) => Promise<unknown>,
  atOnce = concurrency,
): Promise<Measured> {
  const took: number[] = [];
  let next = 0;
  const start = performance.now();
  const end = start + limit.seconds * 1000;
  const worker = async () => {
    while (next < limit.times && performance.now() < end) {
      const index = next++;
      const began = performance.now();
      const counts = await act(index);
      took.push(typeof counts === 'number' ? counts : performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return measured(took, (performance.now() - start) / 1000);
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = [sorted[sorted.length % 2 ? middle : middle - 1], sorted[middle]];
  return (low + high) / 2;
};
