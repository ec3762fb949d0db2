import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createLogger } from '../../../src/runtime/logger.ts';
import {
  type Card,
  type ChatAddress,
  type Incoming,
  type Reply,
  RetryLater,
  type Surface,
} from '../../../src/surfaces/surface.ts';
import { createTeamsSurface, type TeamsSettings } from '../../../src/surfaces/teams/teams-surface.ts';
import { type JsonCard, textOf } from '../../fakes/card-reader.ts';
import {
  type FakeTeams,
  fakeAppId,
  fakeTenantId,
  startFakeTeams,
  type TeamsPerson,
  type Trouble,
} from '../../fakes/teams.ts';

const card = (text: string): Card => ({
  type: 'AdaptiveCard',
  version: '1.5',
  body: [{ type: 'TextBlock', text, wrap: true }],
});

const settings: TeamsSettings = {
  appId: fakeAppId,
  appPassword: 'unused',
  tenantId: fakeTenantId,
  appType: 'SingleTenant',
  openIdMetadataUrl: null,
};

const serve = async (handler: express.RequestHandler): Promise<{ server: Server; port: number }> => {
  const app = express();
  app.post('/api/messages', handler);
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port };
};

describe('the Teams surface', () => {
  let teams: FakeTeams;
  let surface: Surface;
  let server: Server;
  let gia: TeamsPerson;
  /** What reached the conversation. */
  const heard: Incoming[] = [];
  let reply: (incoming: Incoming) => Promise<Reply> = async () => null;

  beforeAll(async () => {
    teams = await startFakeTeams();
    const made = createTeamsSurface({
      settings: { ...settings, openIdMetadataUrl: teams.openIdMetadataUrl },
      receive: async (incoming) => {
        heard.push(incoming);
        return reply(incoming);
      },
      log: createLogger('silent'),
      reads: async () => null,
      credentials: teams.credentials,
      timeoutMs: 1_000,
    });
    surface = made;
    const served = await serve(made.handler);
    server = served.server;
    teams.deliverTo(`http://127.0.0.1:${served.port}/api/messages`);
  });
  afterAll(async () => {
    server?.close();
    await teams?.stop();
  });
  beforeEach(() => {
    heard.length = 0;
    reply = async () => null;
    teams.clearTrouble();
    gia = teams.person({ name: 'Gia' });
  });

  const message = (more: object = {}) => ({
    type: 'message',
    id: `1${Date.now()}`,
    text: 'roles',
    channelId: 'msteams',
    serviceUrl: teams.serviceUrl,
    from: { id: '29:x', name: 'X', aadObjectId: gia.aadObjectId },
    recipient: { id: `28:${fakeAppId}`, name: 'Usher' },
    conversation: { id: `a:${gia.aadObjectId}`, conversationType: 'personal', tenantId: fakeTenantId },
    ...more,
  });
  const invoke = (more: object = {}) => message({ type: 'invoke', name: 'adaptiveCard/action', ...more });
  /** For this person's conversation alone: nothing of another test takes it away. */
  const trouble = (trouble: Trouble) =>
    teams.trouble({ when: ({ conversationId }) => conversationId.includes(gia.aadObjectId), ...trouble });
  const addressOf = async (person: TeamsPerson): Promise<ChatAddress> => {
    await person.say('hello');
    const [incoming] = heard.splice(0);
    return (incoming as Incoming).address as ChatAddress;
  };

  describe('lets nobody in who can’t prove to be Teams:', () => {
    it.each([
      ['no signature', { unsigned: true }],
      ['another bot’s audience', { audience: 'ffffffff-0000-4000-8000-000000000000' }],
      ['another issuer', { issuer: 'https://sts.windows.net/evil/' }],
      ['an expired token', { expired: true }],
      ['a key that nobody knows', { forged: true }],
      ['a token for another service', { serviceUrl: 'https://evil.example/' }],
    ])('%s', async (_what, sign) => {
      const { status, body } = await teams.send(message(), sign);
      expect(status).toBe(401);
      expect(body).toBeNull();
      expect(heard).toEqual([]);
      expect(gia.messages).toEqual([]);
    });

    it('a token of Teams, for an activity that wants its answers elsewhere', async () => {
      const { status } = await teams.send(message({ serviceUrl: 'https://evil.example/' }));
      expect(status).toBe(401);
      expect(heard).toEqual([]);
    });
  });

  it.each([
    ['no activity', '[]', 'application/json'],
    ['null', 'null', 'application/json'],
    ['a word', '"roles"', 'application/json'],
    ['broken JSON', '{"type":', 'application/json'],
    ['a form', 'type=message', 'application/x-www-form-urlencoded'],
    ['an activity without a type', '{"serviceUrl":"https://x.example"}', 'application/json'],
  ])('refuses %s as no activity', async (_what, body, type) => {
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    expect(response.status).toBe(400);
    expect(heard).toEqual([]);
  });

  it('refuses a body that is far too large', async () => {
    const { status } = await teams.send(message({ text: 'x'.repeat(300_000) })).catch(() => ({ status: 413 }));
    expect(status).toBe(413);
    expect(heard).toEqual([]);
  });

  describe('turns a foreign tenant away:', () => {
    const foreign = {
      conversation: { conversationType: 'personal', tenantId: 'ffffffff-0000-4000-8000-000000000000' },
    };
    const abroad = (more: object) => ({
      ...more,
      conversation: { ...foreign.conversation, id: `a:${gia.aadObjectId}` },
    });

    it('a message is answered with nothing but that', async () => {
      await teams.send(message(abroad({})));
      expect(heard).toEqual([]);
      expect(gia.screen()).toContain('Not from this organisation');
    });

    it('a click too', async () => {
      const { status, body } = await teams.send(
        invoke(abroad({ value: { action: { verb: 'approve', data: { requestId: 'r' } } } })),
      );
      expect(status).toBe(200);
      expect(textOf((body as { value: JsonCard }).value)).toContain('Not from this organisation');
      expect(heard).toEqual([]);
    });

    it('whose tenant is claimed by the channel data alone', async () => {
      const conversation = { id: `a:${gia.aadObjectId}`, conversationType: 'personal' };
      await teams.send(message({ conversation, channelData: { tenant: { id: 'other' } } }));
      expect(heard).toEqual([]);
    });

    it('and whoever has none', async () => {
      await teams.send(message({ conversation: { id: `a:${gia.aadObjectId}`, conversationType: 'personal' } }));
      expect(heard).toEqual([]);
    });
  });

  it('tells somebody whom Teams does not name so, and nothing else', async () => {
    await teams.send(message({ from: { id: '29:x', name: 'X' } }));
    expect(heard).toEqual([]);
    expect(gia.screen()).toContain('did not tell me who you are');
  });

  describe('answers an invoke with HTTP 200 and the envelope of adaptiveCard/action:', () => {
    const click = { action: { verb: 'roles', data: {} } };

    it('a card', async () => {
      reply = async () => ({ card: card('your roles') });
      expect(await teams.send(invoke({ value: click }))).toEqual({
        status: 200,
        body: { statusCode: 200, type: 'application/vnd.microsoft.card.adaptive', value: card('your roles') },
      });
    });

    it('a word where there is no card', async () => {
      expect(await teams.send(invoke({ value: click }))).toEqual({
        status: 200,
        body: { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: 'Done' },
      });
    });

    it('500 inside when it failed, without the fault’s own words', async () => {
      reply = async () => {
        throw new Error('secret detail');
      };
      const { status, body } = await teams.send(invoke({ value: click }));
      expect(status).toBe(200);
      expect(body).toMatchObject({ statusCode: 500, type: 'application/vnd.microsoft.error' });
      expect(JSON.stringify(body)).not.toContain('secret detail');
    });

    it.each([[null], ['approve'], [['approve']], [7], [{ action: null }], [{ action: { data: {} } }]])(
      '400 inside for the value %j',
      async (value) => {
        const { status, body } = await teams.send(invoke({ value }));
        expect(status).toBe(200);
        expect(body).toMatchObject({ statusCode: 400, type: 'application/vnd.microsoft.error' });
        expect(heard).toEqual([]);
      },
    );

    it('400 inside for another kind of invoke', async () => {
      const { status, body } = await teams.send(invoke({ name: 'composeExtension/query', value: click }));
      expect(status).toBe(200);
      expect(body).toMatchObject({ statusCode: 400, type: 'application/vnd.microsoft.error' });
      expect(heard).toEqual([]);
    });
  });

  it('says that it is sorry when a message failed, without the fault’s own words', async () => {
    reply = async () => {
      throw new Error('secret detail');
    };
    expect(await gia.say('roles')).toBe(200);
    expect(gia.screen()).toContain('Something went wrong');
    expect(gia.screen()).not.toContain('secret detail');
  });

  it('says nothing to a reaction or to typing', async () => {
    await teams.send(message({ type: 'typing' }));
    await teams.send(message({ type: 'messageReaction' }));
    expect(heard).toEqual([]);
    expect(gia.messages).toEqual([]);
  });

  describe('delivering', () => {
    it('posts the card alone and tells the message’s id', async () => {
      const address = await addressOf(gia);
      const delivery = await surface.deliver(address, card('hello'));
      const [shown] = gia.messages;
      expect(delivery).toEqual({ outcome: 'delivered', messageId: shown?.id });
      expect(teams.calls.at(-1)).toMatchObject({ method: 'POST', text: 'hello' });
    });

    it('needs no more of the address than survives the database', async () => {
      const address = JSON.parse(JSON.stringify(await addressOf(gia))) as ChatAddress;
      expect(await surface.deliver(address, card('hello'))).toMatchObject({ outcome: 'delivered' });
    });

    it('is unreachable for good when the person blocked the bot', async () => {
      const address = await addressOf(gia);
      gia.block();
      expect(await surface.deliver(address, card('hello'))).toEqual({
        outcome: 'unreachable',
        reason: 'MessageWritesBlocked',
      });
    });

    it('is unreachable for good when the conversation is gone', async () => {
      const address = await addressOf(gia);
      const gone = JSON.parse(JSON.stringify(address).replaceAll('a:', 'gone:')) as ChatAddress;
      expect(await surface.deliver(gone, card('hello'))).toEqual({ outcome: 'unreachable', reason: 'status 404' });
    });

    it('waits as long as the platform says', async () => {
      const address = await addressOf(gia);
      trouble({ status: 429, retryAfterSeconds: 7 });
      await expect(surface.deliver(address, card('hello'))).rejects.toMatchObject({
        name: 'RetryLater',
        afterMs: 7_000,
      });
      expect(gia.messages).toEqual([]);
    });

    it.each([412, 500, 502, 503, 504])('comes back later after status %i', async (status) => {
      const address = await addressOf(gia);
      trouble({ status });
      await expect(surface.deliver(address, card('hello'))).rejects.toBeInstanceOf(RetryLater);
      expect(await surface.deliver(address, card('again'))).toMatchObject({ outcome: 'delivered' });
    });

    it('asks once only, and posts nothing behind the job queue’s back', async () => {
      const busy = await addressOf(gia);
      const max = teams.person({ name: 'Max' });
      const cut = await addressOf(max);
      teams.trouble(
        { status: 503, when: ({ text }) => text === 'while busy' },
        { cutAfter: true, when: ({ text }) => text === 'while cut' },
      );
      await Promise.allSettled([surface.deliver(busy, card('while busy')), surface.deliver(cut, card('while cut'))]);
      // Longer than the client behind the adapter would wait before it tried again on its own.
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      expect({ whileBusy: gia.messages.length, whileCut: max.messages.length }).toEqual({ whileBusy: 0, whileCut: 1 });
    });

    it('comes back later when the platform does not answer in time', async () => {
      const address = await addressOf(gia);
      trouble({ delayMs: 2_000, status: 500 });
      await expect(surface.deliver(address, card('hello'))).rejects.toMatchObject({
        name: 'RetryLater',
        message: 'Teams does not answer',
      });
    });

    it('comes back later when the connection is cut', async () => {
      const address = await addressOf(gia);
      trouble({ cutAfter: true });
      await expect(surface.deliver(address, card('hello'))).rejects.toBeInstanceOf(RetryLater);
    });

    it('sends no card over Teams’ limit, and says so instead of trying later', async () => {
      const address = await addressOf(gia);
      const before = teams.calls.length;
      const fault = await surface.deliver(address, card('x'.repeat(50_000))).catch((error: unknown) => error);
      expect(teams.calls.length).toBe(before);
      expect(String(fault)).toContain('too large for Teams');
      expect(fault).not.toBeInstanceOf(RetryLater);
    });

    it('holds itself to the platform’s rates: short waits are waited out, longer ones go back', async () => {
      const address = await addressOf(gia);
      const outcomes = await Promise.allSettled(
        Array.from({ length: 12 }, (_, index) => surface.deliver(address, card(`card ${index}`))),
      );
      expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(7);
      for (const outcome of outcomes)
        if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ name: 'RetryLater' });
    });
  });

  describe('replacing', () => {
    const posted = async (): Promise<{ address: ChatAddress; id: string }> => {
      const address = await addressOf(gia);
      const delivery = await surface.deliver(address, card('before'));
      return { address, id: delivery.outcome === 'delivered' ? delivery.messageId : '' };
    };

    it('changes the message in its place', async () => {
      const { address, id } = await posted();
      expect(await surface.replace(address, id, card('after'))).toEqual({ outcome: 'replaced' });
      expect(gia.messages.map(({ card }) => card && textOf(card))).toEqual(['after']);
    });

    it('finds out that the message is gone', async () => {
      const { address } = await posted();
      expect(await surface.replace(address, '17', card('after'))).toEqual({ outcome: 'gone', reason: 'status 404' });
    });

    it('finds out that the person blocked the bot', async () => {
      const { address, id } = await posted();
      gia.block();
      expect(await surface.replace(address, id, card('after'))).toEqual({
        outcome: 'gone',
        reason: 'MessageWritesBlocked',
      });
    });

    it('comes back later when the platform is busy', async () => {
      const { address, id } = await posted();
      trouble({ status: 429, retryAfterSeconds: 2 });
      await expect(surface.replace(address, id, card('after'))).rejects.toMatchObject({ afterMs: 2_000 });
    });
  });

  describe('writes instants', () => {
    const instant = new Date('2026-03-01T12:00:00Z');

    it('in the reader’s own zone, and says which', () => {
      const text = surface.formatTime(instant, { timeZone: 'Europe/Berlin', locale: 'en-GB' });
      expect(text).toMatch(/1 Mar 2026, 13:00 \(Europe\/Berlin\)/);
    });

    it('in the reader’s language', () => {
      expect(surface.formatTime(instant, { timeZone: 'Europe/Berlin', locale: 'de-DE' })).toContain(
        '01.03.2026, 13:00',
      );
    });

    it.each([
      ['no zone', null, null],
      ['a zone that nobody knows', 'Mars/Olympus', 'en-GB'],
      ['a language that nobody knows', null, 'not a language'],
    ])('in UTC with %s', (_what, timeZone, locale) => {
      expect(surface.formatTime(instant, { timeZone, locale })).toMatch(/1 Mar 2026, 12:00 \(UTC\)/);
    });
  });
});

describe('the Teams surface without an app id', () => {
  const heard: Incoming[] = [];
  const start = async () => {
    heard.length = 0;
    const local = createTeamsSurface({
      settings: { ...settings, appId: null, appPassword: null, tenantId: null },
      receive: async (incoming) => {
        heard.push(incoming);
        return { card: card('fine') };
      },
      log: createLogger('silent'),
      reads: async () => null,
    });
    const { server, port } = await serve(local.handler);
    onTestFinished(() => void server.close());
    return port;
  };

  /** `fetch` chooses the Host header itself. */
  const post = (port: number, headers: Record<string, string>): Promise<number> =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify({
        type: 'invoke',
        name: 'adaptiveCard/action',
        id: '1',
        channelId: 'msteams',
        serviceUrl: `http://127.0.0.1:${port}/`,
        from: { id: '29:x', aadObjectId: 'x' },
        recipient: { id: '28:bot' },
        conversation: { id: 'c', conversationType: 'personal', tenantId: 't' },
        value: { action: { verb: 'roles', data: {} } },
      });
      const sent = httpRequest(
        {
          port,
          host: '127.0.0.1',
          method: 'POST',
          path: '/api/messages',
          headers: { 'content-type': 'application/json', ...headers },
        },
        (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });

  it.each(['localhost', 'localhost:3978', '127.0.0.1', '127.0.0.1:3978', '[::1]:3978'])(
    'lets a client on this machine in: Host %s',
    async (host) => {
      expect(await post(await start(), { host })).toBe(200);
      expect(heard).toHaveLength(1);
    },
  );

  it.each([
    'usher.example.com',
    'localhost.evil.example',
    'evil.example:3978',
    '127.0.0.1.evil.example',
    'evil@localhost',
  ])('lets no web page in that reaches for it by another name: Host %s', async (host) => {
    expect(await post(await start(), { host })).toBe(403);
    expect(heard).toEqual([]);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded'])('lets no form of another site in: %s', async (type) => {
    expect(await post(await start(), { host: 'localhost', 'content-type': type })).toBe(403);
    expect(heard).toEqual([]);
  });
});
