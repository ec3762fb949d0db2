import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RetryLater } from '../../../src/surfaces/surface.ts';
import type { SlackPerson } from '../../fakes/slack.ts';
import { shownText } from '../../fakes/slack.ts';
import { eventually } from '../../support/eventually.ts';
import { aCard, aCardWith, addressOf, type SurfaceUnderTest, startSlackSurface } from '../../support/slack-surface.ts';

const daySeconds = 86_400;
const nowSeconds = () => Math.floor(Date.now() / 1000);

/** A form with one field, as Usher's forms are. */
const aForm = (problem = '') =>
  aCard(problem || 'Why?', {
    body: [
      { type: 'TextBlock', text: problem || 'Fill in', wrap: true },
      { type: 'Input.Text', id: 'justification', label: 'Reason', isRequired: true, errorMessage: 'Say why' },
    ],
    actions: [{ type: 'Action.Execute', title: 'Send', verb: 'activate', data: { verb: 'activate' } }],
  });

let nextUser = 0;

describe('the Slack surface', () => {
  let under: SurfaceUnderTest;
  let mara: SlackPerson;

  beforeAll(async () => {
    under = await startSlackSurface();
  });
  afterAll(() => under?.stop());
  beforeEach(() => {
    under.heard.length = 0;
    under.answer(async () => null);
    under.slack.clearTrouble();
    nextUser += 1;
    const id = `U_MARA${nextUser}`;
    mara = under.slack.person({
      id,
      name: `mara${nextUser}`,
      realName: 'Mara',
      email: `mara${nextUser}@contoso.example`,
    });
  });
  const callsOf = (method: string, from = 0) => under.slack.calls.slice(from).filter((call) => call.method === method);
  const saying = (words: string) => under.answer(async () => ({ card: aCard(words) }));
  const settled = () => under.slack.idle();
  /** What Usher wrote to them. */
  const written = (person: SlackPerson) => {
    const own = person.view().conversations.find(({ id }) => id === person.dm);
    return (own?.messages ?? []).map(shownText);
  };

  describe('lets nobody in who can’t prove to be Slack:', () => {
    const command = () =>
      new URLSearchParams({
        team_id: 'T_CONTOSO',
        user_id: mara.id,
        command: '/usher',
        text: 'roles',
        trigger_id: `1.${nextUser}`,
        response_url: `${under.slack.origin}/commands/none`,
      }).toString();
    const refused = async (change: (headers: Record<string, string>) => Record<string, string>) => {
      const request = under.slack.signed(command());
      const answer = await under.slack.post({ ...request, headers: change({ ...request.headers }) });
      await settled();
      expect(under.heard).toEqual([]);
      expect(answer.body).toBe('');
      return answer.status;
    };
    const without = (name: string) => (headers: Record<string, string>) =>
      Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name));

    it.each([
      ['no signature', without('x-slack-signature')],
      ['no time', without('x-slack-request-timestamp')],
      ['an empty signature', (headers: Record<string, string>) => ({ ...headers, 'x-slack-signature': '' })],
      ['a signature of nothing', (headers: Record<string, string>) => ({ ...headers, 'x-slack-signature': 'v0=' })],
      [
        'a signature of another time',
        (headers: Record<string, string>) => ({ ...headers, 'x-slack-request-timestamp': String(nowSeconds() - 1) }),
      ],
      [
        'a time that is none',
        (headers: Record<string, string>) => ({ ...headers, 'x-slack-request-timestamp': 'now' }),
      ],
    ])('%s', async (_what, change) => {
      expect(await refused(change)).toBe(401);
    });

    it.each([
      ['another secret', { secret: 'another' }],
      ['an old time', { timestamp: nowSeconds() - 301 - 5 }],
      ['a time a day ahead', { timestamp: nowSeconds() + daySeconds }],
      ['a time six minutes ahead', { timestamp: nowSeconds() + 360 }],
    ])('%s', async (_what, signing) => {
      const { status, body } = await under.slack.post(under.slack.signed(command(), signing));
      expect({ status, body }).toEqual({ status: 401, body: '' });
      await settled();
      expect(under.heard).toEqual([]);
    });

    it('a body that was changed on the way', async () => {
      const request = under.slack.signed(command());
      expect(await under.slack.post({ ...request, body: `${request.body}&text=audit` })).toMatchObject({ status: 401 });
      expect(under.heard).toEqual([]);
    });

    it('but a clock that goes a little wrong is no reason to refuse', async () => {
      for (const timestamp of [nowSeconds() - 200, nowSeconds() + 200]) {
        const signed = under.slack.signed(`${command()}&n=${timestamp}`.replace('1.', `${timestamp}.`), { timestamp });
        expect(await under.slack.post(signed)).toMatchObject({ status: 200 });
      }
      await settled();
      expect(under.heard).toHaveLength(2);
    });
  });

  describe('survives what is no delivery:', () => {
    it.each([
      ['broken JSON', '{"type":', 'application/json'],
      ['null', 'null', 'application/json'],
      ['a word', '"roles"', 'application/json'],
      ['a list', '[]', 'application/json'],
      ['nothing', '', 'application/json'],
      ['a form without a payload', 'a=b', 'application/x-www-form-urlencoded'],
      ['a payload that is no JSON', 'payload=%7B', 'application/x-www-form-urlencoded'],
      ['a payload that is null', 'payload=null', 'application/x-www-form-urlencoded'],
      ['another type of content', 'roles', 'text/plain'],
      ['JSON that claims to be a form', '{"type":"event_callback"}', 'application/x-www-form-urlencoded'],
      ['an event without an event', '{"type":"event_callback","event_id":"Ev1"}', 'application/json'],
      [
        'a click without actions',
        `payload=${encodeURIComponent('{"type":"block_actions","trigger_id":"1"}')}`,
        'application/x-www-form-urlencoded',
      ],
      [
        'a submission without a view',
        `payload=${encodeURIComponent('{"type":"view_submission"}')}`,
        'application/x-www-form-urlencoded',
      ],
      [
        'a submission whose view is a word',
        `payload=${encodeURIComponent('{"type":"view_submission","view":"x"}')}`,
        'application/x-www-form-urlencoded',
      ],
    ])('%s', async (_what, body, contentType) => {
      const answer = await Promise.race([
        under.slack.post(under.slack.signed(body, { contentType })),
        new Promise<{ status: number; body: string }>((resolve) =>
          setTimeout(resolve, 4_000, { status: 0, body: 'nothing' }),
        ),
      ]);
      expect(answer.body).not.toMatch(/at |Error|node_modules/);
      expect(answer.status).not.toBe(0);
      await settled();
      expect(under.heard).toEqual([]);
      // It goes on.
      saying('still here');
      await mara.say('hello');
      await mara.see('still here');
    });

    it('a body that is far too large', async () => {
      const { hostname, port, pathname } = new URL(under.url);
      const status = await new Promise<number>((resolve, reject) => {
        const request = httpRequest(
          {
            hostname,
            port,
            path: pathname,
            method: 'POST',
            headers: {
              'content-type': 'application/json',
              'x-slack-request-timestamp': nowSeconds(),
              'x-slack-signature': 'v0=x',
            },
          },
          (response) => {
            response.resume();
            resolve(response.statusCode ?? 0);
          },
        );
        request.on('error', reject);
        request.end('x'.repeat(20_000_000));
      }).catch(() => 413);
      expect(status).toBe(413);
    });
  });

  describe('answers the same delivery once, however often it comes:', () => {
    const again = async (): Promise<void> => {
      const request = under.slack.lastRequest();
      if (!request) throw new Error('nothing was sent');
      const heard = under.heard.length;
      const before = under.slack.calls.filter(({ method }) => method !== 'users.info').length;
      expect(await under.slack.post(request)).toMatchObject({ status: 200 });
      await settled();
      expect(under.heard).toHaveLength(heard);
      expect(under.slack.calls.filter(({ method }) => method !== 'users.info')).toHaveLength(before);
    };

    it('a command', async () => {
      saying('your roles');
      await mara.command('roles');
      await mara.see('your roles');
      await settled();
      await again();
    });

    it('a message', async () => {
      saying('your roles');
      await mara.say('roles');
      await mara.see('your roles');
      await settled();
      await again();
    });

    it('a click', async () => {
      await under.surface.deliver(
        addressOf(mara),
        aCardWith('a request', 'Cancel', { verb: 'cancel', requestId: 'r' }),
      );
      saying('canceled');
      await mara.press('Cancel');
      await mara.see('canceled');
      await settled();
      await again();
    });

    it('a shortcut', async () => {
      saying('the roles');
      await mara.shortcut('request-access');
      await mara.see('the roles');
      await settled();
      await again();
    });

    it('and a submission gets the same answer again: its commands know the key', async () => {
      under.answer(async () => ({ card: aForm() }));
      await mara.command('activate');
      await mara.see('Reason');
      await mara.type('Reason', 'because');
      under.answer(async () => ({ card: aForm('still wrong') }));
      await mara.submit();
      await mara.see('still wrong');
      const [first] = under.heard.slice(-1);
      const request = under.slack.lastRequest();
      const answer = await under.slack.post(request as NonNullable<typeof request>);
      expect(JSON.parse(answer.body)).toMatchObject({ response_action: 'update' });
      expect(under.heard.at(-1)?.key).toBe(first?.key);
    });

    it('a submission with other values is another one', async () => {
      under.answer(async () => ({ card: aForm() }));
      await mara.command('activate');
      await mara.see('Reason');
      under.answer(async () => ({
        card: aForm('again'),
        problem: { input: 'justification', text: 'is too short' },
      }));
      await mara.type('Reason', 'one');
      await mara.submit();
      await mara.see('is too short');
      await mara.type('Reason', 'two');
      await mara.submit();
      const keys = under.heard.filter(({ event }) => event.kind === 'action').map(({ key }) => key);
      expect(new Set(keys).size).toBe(2);
    });
  });

  describe('tells the conversation', () => {
    it('who it is, as Slack vouches for it', async () => {
      await mara.say('  roles ');
      await settled();
      expect(under.heard).toEqual([
        {
          key: expect.stringMatching(/^slack:Ev/),
          from: {
            platform: 'slack',
            tenantId: 'T_CONTOSO',
            userId: mara.id,
            displayName: 'Mara',
            vouched: { objectId: null, mail: `mara${nextUser}@contoso.example` },
          },
          address: addressOf(mara),
          timeZone: 'Europe/Berlin',
          locale: 'en-GB',
          personal: true,
          event: { kind: 'message', text: 'roles' },
        },
      ]);
    });

    it('that a mention was said where others read along', async () => {
      await mara.mention('roles', 'C_GENERAL');
      await settled();
      expect(under.heard).toMatchObject([{ personal: false, event: { kind: 'message', text: 'roles' } }]);
    });

    it('that Home was opened, and shows there what it answers', async () => {
      saying('your page');
      await mara.openHome();
      await mara.see('your page');
      expect(mara.home()).toContain('your page');
      expect(under.heard).toMatchObject([{ event: { kind: 'home' } }]);
    });

    it('nothing of the messages tab, of edited messages and of other bots', async () => {
      await under.slack.act(mara.id, { kind: 'messages' });
      const about = { type: 'message', channel: mara.dm, channel_type: 'im', ts: '1.1', event_ts: '1.1' };
      for (const [index, event] of [
        { ...about, subtype: 'message_changed', message: { user: mara.id, text: 'roles' } },
        { ...about, subtype: 'bot_message', bot_id: 'B1', text: 'roles' },
        { ...about, channel_type: 'channel', user: mara.id, text: 'roles' },
      ].entries())
        await under.slack.post(
          under.slack.signed(
            JSON.stringify({ type: 'event_callback', event_id: `EvX${nextUser}${index}`, team_id: 'T_CONTOSO', event }),
          ),
        );
      await settled();
      expect(under.heard).toEqual([]);
    });

    it('nothing when it can’t be asked who it is, but for who is known to belong here', async () => {
      under.slack.trouble({ api: 'users.info', status: 500, times: 3 });
      saying('your roles');
      await mara.say('roles');
      await mara.see('your roles');
      await mara.command('roles');
      await settled();
      await mara.openHome();
      await settled();
      expect(mara.home()).toContain('your roles');
      expect(under.heard.map(({ from }) => from)).toEqual(
        Array.from({ length: 3 }, () => ({
          platform: 'slack',
          tenantId: 'T_CONTOSO',
          userId: mara.id,
          displayName: null,
          vouched: null,
        })),
      );
    });
  });

  describe('delivers', () => {
    it('a card, and replaces it', async () => {
      const delivery = await under.surface.deliver(addressOf(mara), aCard('one'));
      if (delivery.outcome !== 'delivered') throw new Error('not delivered');
      await mara.see('one');
      expect(await under.surface.replace(addressOf(mara), delivery.messageId, aCard('two'))).toEqual({
        outcome: 'replaced',
      });
      await mara.see('two');
      expect(written(mara)).toEqual(['two']);
    });

    it('without previews of links', async () => {
      await under.surface.deliver(addressOf(mara), aCard('https://example.com'));
      const [call] = callsOf('chat.postMessage').slice(-1);
      expect(call?.args).toMatchObject({ unfurl_links: 'false', unfurl_media: 'false' });
    });

    it('text and blocks, and blocks with every replacement: without them Slack takes the buttons away', async () => {
      const delivery = await under.surface.deliver(addressOf(mara), aCard('one'));
      if (delivery.outcome !== 'delivered') throw new Error('not delivered');
      await under.surface.replace(addressOf(mara), delivery.messageId, aCard('two'));
      for (const method of ['chat.postMessage', 'chat.update']) {
        const [call] = callsOf(method).slice(-1);
        expect(call?.args).toMatchObject({ text: expect.stringMatching(/./), blocks: expect.any(Array) });
      }
    });

    it('at most about one a second to a person: the fourth at once waits', async () => {
      const began = performance.now();
      for (let index = 0; index < 4; index += 1) await under.surface.deliver(addressOf(mara), aCard(`${index}`));
      expect(performance.now() - began).toBeGreaterThan(700);
      expect(written(mara)).toEqual(['0', '1', '2', '3']);
    });

    it('to others meanwhile: all of one person’s would take half a minute', async () => {
      const people = Array.from({ length: 30 }, (_, index) =>
        under.slack.person({ id: `U_O${nextUser}_${index}`, name: `o${index}`, realName: 'O', email: null }),
      );
      const began = performance.now();
      await Promise.all(people.map((person) => under.surface.deliver(addressOf(person), aCard('x'))));
      expect(performance.now() - began).toBeLessThan(5_000);
    });

    it('not again before the time that Slack names, whoever it is for', async () => {
      under.slack.trouble({ api: 'chat.postMessage', status: 429, retryAfterSeconds: 2 });
      const from = under.slack.calls.length;
      const first = await under.surface.deliver(addressOf(mara), aCard('x')).catch((error: unknown) => error);
      expect(first).toBeInstanceOf(RetryLater);
      expect((first as RetryLater).afterMs).toBe(2_000);
      const second = await under.surface
        .deliver(addressOf(under.slack.admin), aCard('x'))
        .catch((error: unknown) => error);
      expect((second as RetryLater).afterMs).toBeGreaterThan(1_000);
      expect((second as RetryLater).afterMs).toBeLessThanOrEqual(2_000);
      expect(callsOf('chat.postMessage', from)).toHaveLength(1);
      const delivered = await eventually(
        () => under.surface.deliver(addressOf(mara), aCard('at last')).catch(() => null),
        'the delivery',
      );
      expect(delivered).toMatchObject({ outcome: 'delivered' });
      expect(callsOf('chat.postMessage', from)).toHaveLength(2);
    });

    it.each([['user_disabled'], ['channel_not_found'], ['messages_tab_disabled']])(
      'not, for good, when Slack says %s',
      async (error) => {
        under.slack.trouble({ api: 'chat.postMessage', error });
        expect(await under.surface.deliver(addressOf(mara), aCard('x'))).toEqual({
          outcome: 'unreachable',
          reason: error,
        });
      },
    );

    it.each(['account_inactive', 'token_revoked', 'invalid_auth', 'missing_scope'])(
      'nothing to anybody, whose accounts stay all right, when Slack says %s',
      async (error) => {
        under.slack.trouble({ api: 'chat.postMessage', error }, { api: 'chat.update', error });
        expect(await under.surface.deliver(addressOf(mara), aCard('x'))).toEqual({
          outcome: 'shut-out',
          reason: error,
        });
        const replacing = under.surface.replace(addressOf(mara), 'D1:1.1', aCard('x'));
        await expect(replacing).rejects.toThrow(RetryLater);
      },
    );

    it.each([
      ['500', { status: 500 }],
      ['503', { status: 503 }],
      ['internal_error', { error: 'internal_error' }],
      ['fatal_error', { error: 'fatal_error' }],
      ['a connection that is cut', { cutBefore: true }],
      ['a connection that is cut when it is done', { cutAfter: true }],
    ])('later, after %s', async (_what, trouble) => {
      under.slack.trouble({ api: 'chat.postMessage', ...trouble });
      await expect(under.surface.deliver(addressOf(mara), aCard('x'))).rejects.toBeInstanceOf(RetryLater);
    });

    it('nothing twice by itself', async () => {
      under.slack.trouble({ api: 'chat.postMessage', cutAfter: true });
      await under.surface.deliver(addressOf(mara), aCard('x')).catch(() => null);
      await settled();
      expect(written(mara)).toHaveLength(1);
    });

    it('and throws as a bug of ours what Slack does not understand', async () => {
      under.slack.trouble({ api: 'chat.postMessage', error: 'invalid_blocks' });
      const error = await under.surface.deliver(addressOf(mara), aCard('x')).catch((fault: unknown) => fault);
      expect(error).toBeInstanceOf(Error);
      expect(error).not.toBeInstanceOf(RetryLater);
    });
  });

  it.each(['message_not_found', 'cant_update_message', 'channel_not_found', 'edit_window_closed'])(
    'has nothing to replace where Slack says %s',
    async (error) => {
      under.slack.trouble({ api: 'chat.update', error });
      expect(await under.surface.replace(addressOf(mara), `${mara.dm}:1.2`, aCard('x'))).toEqual({
        outcome: 'gone',
        reason: error,
      });
    },
  );

  it('shows Home as often as every second and a half', async () => {
    await under.surface.present?.(addressOf(mara), aCard('one'));
    await expect(under.surface.present?.(addressOf(mara), aCard('two'))).rejects.toBeInstanceOf(RetryLater);
    expect(mara.home()).toContain('one');
  });

  describe('when something goes wrong', () => {
    const broken = () =>
      under.answer(async () => {
        throw new Error('broken');
      });

    it('a command is told so', async () => {
      broken();
      await mara.command('roles');
      await mara.see('Something went wrong');
      expect(mara.notices()).toEqual([]);
    });

    it('a click is told so, and what was clicked stays', async () => {
      await under.surface.deliver(addressOf(mara), aCardWith('a request', 'Cancel', { verb: 'cancel' }));
      broken();
      await mara.press('Cancel');
      await mara.see('Something went wrong');
      expect(mara.find('a request')).toBeDefined();
    });

    it('a submission says so at its field, and what was typed stays', async () => {
      under.answer(async () => ({ card: aForm() }));
      await mara.command('activate');
      await mara.see('Reason');
      await mara.type('Reason', 'because');
      broken();
      const { ok, errors } = await mara.submit();
      expect(ok).toBe(true);
      expect(Object.values(errors)).toEqual([expect.stringContaining('Something went wrong')]);
      expect(mara.modal()).toContain('because');
    });

    it('a shortcut is told so', async () => {
      broken();
      await mara.shortcut('request-access');
      await mara.see('Something went wrong');
    });
  });
});
