import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createLogger } from '../../src/runtime/logger.ts';
import { createSlackSurface, type SlackSettings, type SlackSurface } from '../../src/surfaces/slack/slack-surface.ts';
import type { Taken } from '../../src/surfaces/slack/taken.ts';
import type { Card, ChatAddress, Incoming, Reply } from '../../src/surfaces/surface.ts';
import {
  type FakeSlack,
  fakeBotToken,
  fakeSigningSecret,
  fakeSlackTeam,
  type SlackPerson,
  startFakeSlack,
} from '../fakes/slack.ts';

export interface TakenRow {
  body: Readonly<Record<string, unknown>> | null;
  attempts: number;
}

/** {@link Taken} in memory, to look into; whatever is not done counts as abandoned. */
export function createMemoryTaken(): Taken & { readonly rows: Map<string, TakenRow> } {
  const rows = new Map<string, TakenRow>();
  return {
    rows,
    take: async (key, body) => {
      if (rows.has(key)) return false;
      rows.set(key, { body, attempts: 1 });
      return true;
    },
    done: async (key) => {
      const row = rows.get(key);
      if (row) row.body = null;
    },
    abandoned: async (tries) =>
      [...rows].flatMap(([key, row]) => {
        if (!row.body || row.attempts >= tries) return [];
        row.attempts += 1;
        return [{ key, body: row.body, lastTry: row.attempts >= tries }];
      }),
  };
}

export const aCard = (text: string, more: object = {}): Card => ({
  type: 'AdaptiveCard',
  version: '1.5',
  body: [{ type: 'TextBlock', text, wrap: true }],
  ...more,
});

/** With a button that carries this. */
export const aCardWith = (text: string, title: string, data: object): Card =>
  aCard(text, { actions: [{ type: 'Action.Execute', title, verb: (data as { verb?: string }).verb, data }] });

export const addressOf = (person: Pick<SlackPerson, 'id'>): ChatAddress => ({
  platform: 'slack',
  conversation: { team: fakeSlackTeam.id, user: person.id },
});

export interface SurfaceUnderTest {
  readonly slack: FakeSlack;
  readonly surface: SlackSurface;
  /** What reached the conversation. */
  readonly heard: Incoming[];
  readonly url: string;
  /** What the conversation says. */
  answer(reply: (incoming: Incoming) => Promise<Reply>): void;
  stop(): Promise<void>;
}

/** The Slack surface alone, with a conversation that a test makes up, and a fake Slack around it. */
export async function startSlackSurface(
  options: {
    readonly slack?: Parameters<typeof startFakeSlack>[0];
    readonly settings?: Partial<SlackSettings>;
    readonly taken?: Taken;
  } = {},
): Promise<SurfaceUnderTest> {
  const slack = await startFakeSlack(options.slack);
  const heard: Incoming[] = [];
  let reply: (incoming: Incoming) => Promise<Reply> = async () => null;
  const surface = createSlackSurface({
    reads: async () => 'en',
    settings: {
      signingSecret: fakeSigningSecret,
      appToken: null,
      apiUrl: slack.apiUrl,
      botToken: fakeBotToken,
      installing: null,
      ...options.settings,
    },
    installations: { put: async () => undefined, get: async () => null, remove: async () => undefined },
    receive: async (incoming) => {
      heard.push(incoming);
      return reply(incoming);
    },
    taken: options.taken ?? createMemoryTaken(),
    bringUpToDate: async () => false,
    knows: async () => true,
    log: createLogger(process.env.TEST_LOG_LEVEL ?? 'silent'),
  });
  const app = express();
  app.use(surface.handler);
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`;
  slack.deliverTo(url);
  await surface.start();
  return {
    slack,
    surface,
    heard,
    url,
    answer: (next) => {
      reply = next;
    },
    stop: async () => {
      await surface.stop();
      server.close();
      server.closeAllConnections();
      await slack.stop();
    },
  };
}
