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

/** Speaks to a bot as the Bot Connector does: signed, over connections that stay open. */
export function connect(url: string, token: string): Client {
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
  const post = (activity: object): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify(activity);
      const headers = {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        authorization: `Bearer ${token}`,
      };
      const sent = request(
        { hostname, port, path: '/api/messages', method: 'POST', agent: fresh(), headers },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
          );
          response.on('error', reject);
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  return { post, close: () => agent.destroy() };
}

const percentile = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

/** Does something again and again, {@link concurrency} at once, for so long or so often. The first fault ends it. */
export async function drive(
  limit: { readonly seconds: number; readonly times: number },
  act: (index: number) => Promise<void>,
): Promise<Measured> {
  const took: number[] = [];
  let next = 0;
  const start = performance.now();
  const end = start + limit.seconds * 1000;
  const worker = async () => {
    while (next < limit.times && performance.now() < end) {
      const index = next++;
      const began = performance.now();
      await act(index);
      took.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  const seconds = (performance.now() - start) / 1000;
  took.sort((a, b) => a - b);
  return { count: next, perSecond: next / seconds, p50Ms: percentile(took, 0.5), p99Ms: percentile(took, 0.99) };
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = [sorted[sorted.length % 2 ? middle : middle - 1], sorted[middle]];
  return (low + high) / 2;
};
