import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Slack's Web API as far as it is called, answering everything at once, and the response addresses of commands. */
export interface SlackStub {
  readonly apiUrl: string;
  /** A response address, and when it is written to for the first time. */
  expect(): { readonly responseUrl: string; readonly answered: Promise<void> };
  close(): void;
}

export const slackTeam = 'T_BENCH';
const bot = 'U_BOT';
const answerWithinMs = 30_000;

export async function startSlackStub(): Promise<SlackStub> {
  const awaited = new Map<string, () => void>();
  let ids = 0;

  const answerTo = (method: string, form: URLSearchParams): object => {
    switch (method) {
      case 'auth.test':
        return { team_id: slackTeam, user_id: bot, bot_id: 'B_BOT', url: origin, team: 'Bench', user: 'usher' };
      case 'users.info': {
        const id = form.get('user');
        const profile = { real_name: 'Somebody', display_name: '', team: slackTeam };
        return { user: { id, team_id: slackTeam, deleted: false, tz: 'Europe/Berlin', locale: 'en-GB', profile } };
      }
      case 'chat.postMessage':
      case 'chat.update':
        return { channel: `D${form.get('channel')}`, ts: form.get('ts') ?? `${Date.now()}.${++ids}` };
      default:
        return { view: { id: `V${++ids}` } };
    }
  };

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const [, kind = '', name = ''] = (request.url ?? '').split('/');
      if (kind === 'respond') {
        awaited.get(name)?.();
        awaited.delete(name);
      }
      const given = new URLSearchParams(kind === 'api' ? Buffer.concat(chunks).toString('utf8') : '');
      const text = kind === 'respond' ? 'ok' : JSON.stringify({ ok: true, ...answerTo(name, given) });
      response.writeHead(200, {
        'content-type': kind === 'respond' ? 'text/plain' : 'application/json',
        'content-length': Buffer.byteLength(text),
      });
      response.end(text);
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    apiUrl: `${origin}/api/`,
    expect: () => {
      const name = `r${++ids}`;
      const answered = new Promise<void>((resolve, reject) => {
        const late = setTimeout(() => reject(new Error('a command was never answered')), answerWithinMs);
        awaited.set(name, () => {
          clearTimeout(late);
          resolve();
        });
      });
      return { responseUrl: `${origin}/respond/${name}`, answered };
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
