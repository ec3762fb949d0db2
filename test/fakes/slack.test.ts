import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App, ExpressReceiver, LogLevel, SocketModeReceiver, type ViewClosedAction } from '@slack/bolt';
import type { Block } from '@slack/types';
import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sign } from '../../dev/slack-workspace/workspace.ts';
import {
  type FakeSlack,
  fakeAppToken,
  fakeBotToken,
  fakeSigningSecret,
  fakeSlackClient,
  fakeSlackTeam,
  generalChannel,
  sharedChannel,
  shownText,
  startFakeSlack,
} from './slack.ts';

const button = (title: string, actionId = 'go', value = 'v'): Block =>
  ({
    type: 'actions',
    block_id: 'buttons',
    elements: [{ type: 'button', action_id: actionId, value, text: { type: 'plain_text', text: title } }],
  }) as Block;

const input = (label: string, blockId: string): Block =>
  ({
    type: 'input',
    block_id: blockId,
    label: { type: 'plain_text', text: label },
    element: { type: 'plain_text_input', action_id: 'typed' },
  }) as Block;

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const modal = (title: string, blocks: Block[] = [input('Reason', 'reason')], more: object = {}) => ({
  type: 'modal' as const,
  callback_id: 'form',
  title: plain(title),
  submit: plain('Send'),
  blocks,
  ...more,
});

let slack: FakeSlack;
let app: App;
let client: WebClient;
let server: Server | null = null;

// With `token`, Bolt's App calls auth.test as it is made, and nobody catches its failure.
const authorize = async () => ({ botToken: fakeBotToken, botId: 'B0USHERBOT', botUserId: 'U0USHERBOT' });

/** What is refused on purpose is nothing to read about. */
const nothing = () => {};
const silent = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  getLevel: () => LogLevel.ERROR,
  setName: nothing,
};

/** A small Bolt app under the fake. */
async function start(options: Parameters<typeof startFakeSlack>[0] = {}): Promise<void> {
  slack = await startFakeSlack(options);
  const quiet = { logLevel: LogLevel.ERROR };
  const receiver = new ExpressReceiver({
    signingSecret: fakeSigningSecret,
    unhandledRequestTimeoutMillis: 60_000,
    ...quiet,
  });
  const clientOptions = {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    ...quiet,
  };
  app = new App({ authorize, receiver, clientOptions, ...quiet });
  app.shortcut('request-access', async ({ ack }) => ack());
  client = new WebClient(fakeBotToken, { ...clientOptions, logger: silent });
  const listening = createServer(receiver.app);
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  slack.deliverTo(`http://127.0.0.1:${(listening.address() as AddressInfo).port}/slack/events`);
}

const fails = async (call: Promise<unknown>): Promise<{ error?: string; messages?: string[]; code?: string }> => {
  const thrown = (await call.then(
    () => ({}),
    (error: unknown) => error,
  )) as { code?: string; data?: { error?: string; response_metadata?: { messages?: string[] } } };
  const { error, response_metadata: more } = thrown.data ?? {};
  return {
    ...(error ? { error } : {}),
    ...(more?.messages ? { messages: more.messages } : {}),
    ...(thrown.code ? { code: thrown.code } : {}),
  };
};

async function stop(): Promise<void> {
  await slack.stop();
  server?.closeAllConnections();
  server?.close();
}

const restart = async (options: Parameters<typeof startFakeSlack>[0]) => {
  await stop();
  await start(options);
};

beforeEach(() => start());
afterEach(stop);

describe('a slash command', () => {
  it('shows its acknowledgement to the person alone', async () => {
    app.command('/usher', async ({ ack, command }) => ack(`You said ${command.text} in ${command.channel_name}`));
    await slack.guest.command('help me');
    const shown = await slack.guest.see('You said help me in directmessage');
    expect(shown).toMatchObject({ ephemeral: true, from: 'Usher' });
    await slack.guest.command('again', { channel: generalChannel });
    await slack.guest.see('You said again in general');
    expect(slack.approver.screen()).not.toContain('again');
  });

  it('shows everybody what is for the channel', async () => {
    app.command('/usher', async ({ ack }) => ack({ response_type: 'in_channel', text: 'For all' }));
    await slack.guest.command('x', { channel: generalChannel });
    await slack.approver.see('For all');
  });

  it('has failed for the person when nothing came in time, and is not sent again', async () => {
    slack.trouble({ delivery: 'command', drop: true });
    app.command('/usher', async ({ ack }) => ack('unseen'));
    expect(await slack.guest.command('help')).toMatchObject({ ok: false, error: 'operation_timeout' });
    await slack.guest.see('/usher failed with the error "operation_timeout"');
    expect(slack.guest.screen()).not.toContain('unseen');
    expect(slack.deliveries).toHaveLength(1);
  });

  it('is refused to outsiders by their client', async () => {
    expect(await slack.outsider.command('help', { channel: sharedChannel })).toMatchObject({ ok: false });
    expect(slack.deliveries).toHaveLength(0);
  });
});

describe('an app that acknowledges late', () => {
  it('is told off after the time that Slack gives it', async () => {
    await restart({ ackWithinMs: 60 });
    app.command('/usher', async ({ ack }) => {
      await new Promise((resolve) => setTimeout(resolve, 200));
      await ack('too late');
    });
    expect(await slack.guest.command('help')).toMatchObject({ error: 'operation_timeout' });
    expect(slack.deliveries[0]).toMatchObject({ late: true, attempt: 1 });
    await expect.poll(() => slack.deliveries[0]?.ackMs ?? 0).toBeGreaterThan(150);
    expect(slack.guest.screen()).not.toContain('too late');
  });
});

describe('an event', () => {
  it('carries what was said, marked up as Slack does', async () => {
    const said: unknown[] = [];
    app.message(async ({ message }) => void said.push(message));
    await slack.guest.say('invite a@b.example & <me>');
    expect(said[0]).toMatchObject({
      type: 'message',
      channel_type: 'im',
      channel: slack.guest.dm,
      user: 'U_GUEST',
      text: 'invite <mailto:a@b.example|a@b.example> &amp; &lt;me&gt;',
    });
    await slack.guest.see('invite a@b.example & <me>');
  });

  it('comes again until it is acknowledged, with the same id', async () => {
    let times = 0;
    app.message(async () => {
      times += 1;
    });
    slack.trouble({ delivery: 'event', drop: true, times: 2 });
    await slack.guest.say('hello');
    await slack.idle();
    expect(times).toBe(3);
    const [first, second, third] = slack.deliveries;
    expect(first?.request?.headers).not.toHaveProperty('x-slack-retry-num');
    expect(second?.request?.headers).toMatchObject({
      'x-slack-retry-num': '1',
      'x-slack-retry-reason': 'http_timeout',
    });
    expect(third?.request?.headers).toMatchObject({ 'x-slack-retry-num': '2' });
    expect(new Set(slack.deliveries.map(({ payload }) => payload.event_id)).size).toBe(1);
  });

  it('comes four times at most', async () => {
    slack.deliverTo('http://127.0.0.1:1/slack/events');
    await slack.guest.say('hello');
    await slack.idle();
    expect(slack.deliveries.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4]);
  });

  it('does not come again when the app forbids it', async () => {
    const refusing = createServer((_request, response) => response.writeHead(500, { 'x-slack-no-retry': '1' }).end());
    await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve));
    slack.deliverTo(`http://127.0.0.1:${(refusing.address() as AddressInfo).port}/`);
    await slack.guest.say('hello');
    await slack.idle();
    expect(slack.deliveries).toHaveLength(1);
    refusing.close();
  });

  it('is sent for mentions in channels, and for nothing else there', async () => {
    const events: unknown[] = [];
    app.event('app_mention', async ({ event }) => void events.push(event));
    await slack.outsider.mention('help');
    await slack.person('U_ADMIN').mention('help', generalChannel);
    await slack.act('U_ADMIN', { kind: 'message', channel: generalChannel, text: 'only talking' });
    expect(events).toMatchObject([{ user: 'U_OUTSIDER', user_team: 'T_OTHER' }, { user: 'U_ADMIN' }]);
  });
});

describe('a message of the app', () => {
  const posted = (blocks: Block[] = [button('Approve')], user = 'U_APPROVER') =>
    client.chat.postMessage({ channel: `D${user.slice(1)}`, text: 'A request', blocks });

  it('is shown, changed in place, and taken away', async () => {
    const { ts, channel } = await posted();
    await slack.approver.see('[Approve]');
    await client.chat.update({ channel: channel as string, ts: ts as string, text: 'Approved', blocks: [] });
    expect(shownText(await slack.approver.see('Approved'))).not.toContain('[Approve]');
    await client.chat.delete({ channel: channel as string, ts: ts as string });
    await slack.approver.seeGone('Approved');
  });

  it('sends its buttons with the message and what was typed in it', async () => {
    const bodies: Record<string, unknown>[] = [];
    app.action('go', async ({ ack, body }) => {
      bodies.push(body as unknown as Record<string, unknown>);
      await ack();
    });
    const { ts } = await posted([input('Why', 'why'), button('Approve', 'go', 'request-1')]);
    await slack.approver.type('Why', 'Fine by me');
    await slack.approver.press('Approve');
    expect(bodies[0]).toMatchObject({
      type: 'block_actions',
      user: { id: 'U_APPROVER', team_id: 'T_CONTOSO' },
      team: { id: fakeSlackTeam.id, domain: 'contoso' },
      container: { type: 'message', message_ts: ts, channel_id: 'D_APPROVER', is_ephemeral: false },
      channel: { id: 'D_APPROVER' },
      message: { ts, text: 'A request' },
      state: { values: { why: { typed: { type: 'plain_text_input', value: 'Fine by me' } } } },
      actions: [{ type: 'button', action_id: 'go', block_id: 'buttons', value: 'request-1' }],
    });
  });

  it('warns at the button when the app does not answer', async () => {
    await posted();
    slack.trouble({ delivery: 'action', drop: true });
    app.action('go', async ({ ack }) => ack());
    expect(await slack.approver.press('Approve')).toMatchObject({ ok: false, error: 'operation_timeout' });
    await slack.approver.see(/Approve[\s\S]*didn’t respond/);
    expect(slack.approver.notices()).toHaveLength(1);
  });

  it('is refused with the path of what is wrong, and not shown', async () => {
    const tooLong: Block = { type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(3001) } } as Block;
    const refused = await fails(posted([tooLong]));
    expect(refused.error).toBe('invalid_blocks');
    expect(refused.messages?.join()).toContain('/blocks/0/text');
    expect(await fails(posted(Array.from({ length: 51 }, () => ({ type: 'divider' }))))).toMatchObject({
      error: 'invalid_blocks',
    });
    expect(slack.approver.messages()).toHaveLength(0);
  });

  it('answers with the errors of Slack', async () => {
    const { ts } = await posted();
    const errors = [
      fails(client.chat.postMessage({ channel: 'C_NOWHERE', text: 'x' })),
      fails(client.chat.postMessage({ channel: generalChannel, text: '' })),
      fails(client.chat.update({ channel: 'D_APPROVER', ts: '1.1', text: 'x' })),
      fails(client.chat.update({ channel: 'U_APPROVER', ts: ts as string, text: 'x' })),
      fails(client.chat.update({ channel: 'D_APPROVER', ts: ts as string, text: 'x'.repeat(4001) })),
      fails(client.users.info({ user: 'U_NOBODY' })),
      fails(client.users.lookupByEmail({ email: 'nobody@contoso.example' })),
      fails(client.apiCall('chat.nothing')),
      fails(new WebClient('xoxb-wrong', { slackApiUrl: slack.apiUrl, logLevel: LogLevel.ERROR }).auth.test()),
    ];
    expect((await Promise.all(errors)).map(({ error }) => error)).toEqual([
      'channel_not_found',
      'no_text',
      'message_not_found',
      'channel_not_found',
      'msg_too_long',
      'user_not_found',
      'users_not_found',
      'unknown_method',
      'invalid_auth',
    ]);
  });

  it('to one person alone can not be changed by chat.update', async () => {
    const { message_ts: ts } = await client.chat.postEphemeral({
      channel: generalChannel,
      user: 'U_GUEST',
      text: 'psst',
    });
    await slack.guest.see('psst');
    expect(slack.approver.screen()).not.toContain('psst');
    const changed = fails(client.chat.update({ channel: generalChannel, ts: ts as string, text: 'x' }));
    expect(await changed).toMatchObject({ error: 'cant_update_message' });
  });
});

describe('a response URL', () => {
  const url = async (): Promise<string> => {
    let found = '';
    app.command('/usher', async ({ ack, body }) => {
      found = body.response_url;
      await ack();
    });
    await slack.guest.command('x');
    return found;
  };
  const respond = (to: string, body: object) => fetch(to, { method: 'POST', body: JSON.stringify(body) });

  it('takes five answers', async () => {
    const to = await url();
    const answers: string[] = [];
    for (let index = 0; index < 6; index++) {
      const response = await respond(to, { text: `answer ${index}` });
      answers.push(`${response.status} ${await response.text()}`);
    }
    expect(answers.slice(0, 5)).toEqual(Array(5).fill('200 ok'));
    expect(answers[5]).toBe('404 {"ok":false,"error":"used_url"}');
    expect(slack.guest.screen()).toContain('answer 4');
    expect(slack.guest.screen()).not.toContain('answer 5');
  });

  it('lives for half an hour', async () => {
    let now = Date.now();
    await restart({ now: () => now });
    const to = await url();
    now += 31 * 60_000;
    expect((await respond(to, { text: 'late' })).status).toBe(404);
    expect(slack.calls.at(-1)).toMatchObject({ method: 'response_url', answered: { error: 'expired_url' } });
  });

  it('replaces and removes what was clicked, ephemeral messages too', async () => {
    app.action('go', async ({ ack, respond: answer, action }) => {
      await ack();
      const removes = 'value' in action && action.value === 'remove';
      await answer(
        removes
          ? { delete_original: true }
          : { replace_original: true, text: 'Done', blocks: [button('Away', 'go', 'remove')] },
      );
    });
    await client.chat.postEphemeral({
      channel: generalChannel,
      user: 'U_GUEST',
      text: 'x',
      blocks: [button('Approve')],
    });
    await slack.guest.press('Approve');
    await slack.guest.see('[Away]');
    expect(slack.guest.screen()).not.toContain('[Approve]');
    await slack.guest.press('Away');
    await slack.guest.seeGone('[Away]');
  });
});

describe('a modal', () => {
  const trigger = async (): Promise<string> => {
    await slack.guest.shortcut('request-access');
    return slack.deliveries.at(-1)?.payload.trigger_id as string;
  };
  const open = async (view = modal('A form')) => client.views.open({ trigger_id: await trigger(), view });

  it('opens once for a trigger', async () => {
    const id = await trigger();
    await client.views.open({ trigger_id: id, view: modal('A form') });
    expect(slack.guest.modal()).toContain('A form');
    expect(await fails(client.views.open({ trigger_id: id, view: modal('B') }))).toMatchObject({
      error: 'exchanged_trigger_id',
    });
    expect(await fails(client.views.open({ trigger_id: '1.2.3', view: modal('B') }))).toMatchObject({
      error: 'invalid_trigger_id',
    });
  });

  it('does not open when the trigger is older than three seconds', async () => {
    let now = Date.now();
    await restart({ now: () => now });
    const id = await trigger();
    now += 3_001;
    expect(await fails(client.views.open({ trigger_id: id, view: modal('A') }))).toMatchObject({
      error: 'expired_trigger_id',
    });
  });

  it('stacks three high', async () => {
    await open();
    for (const title of ['Second', 'Third'])
      await client.views.push({ trigger_id: await trigger(), view: modal(title) });
    expect(await fails(client.views.push({ trigger_id: await trigger(), view: modal('Fourth') }))).toMatchObject({
      error: 'push_limit_reached',
    });
    await slack.guest.close();
    expect(slack.guest.modal()).toContain('Second');
  });

  it('is refused by the name of what is missing', async () => {
    const { title, ...rest } = modal('A');
    expect(title.text).toBe('A');
    expect(await fails(client.views.open({ trigger_id: await trigger(), view: rest as never }))).toMatchObject({
      error: 'invalid_arguments',
      messages: [expect.stringContaining('title')],
    });
  });

  it('sends what was typed, and closes', async () => {
    const values: unknown[] = [];
    app.view('form', async ({ ack, view }) => {
      values.push(view.state.values, view.private_metadata);
      await ack();
    });
    await open(modal('A form', undefined, { private_metadata: 'kept' }));
    await slack.guest.type('Reason', 'An audit');
    expect(await slack.guest.submit()).toMatchObject({ ok: true, closed: true });
    expect(values).toEqual([{ reason: { typed: { type: 'plain_text_input', value: 'An audit' } } }, 'kept']);
    expect(slack.guest.modal()).toBeNull();
  });

  it('asks for required fields before the app is asked', async () => {
    await open();
    expect(await slack.guest.submit()).toMatchObject({
      ok: false,
      errors: { reason: 'Please complete this required field.' },
    });
    expect(slack.deliveries.map(({ kind }) => kind)).toEqual(['shortcut']);
  });

  it('shows errors at their inputs, and takes no others', async () => {
    const errors: Record<string, string>[] = [{ reason: 'Say more' }, { nowhere: 'x' }];
    app.view('form', async ({ ack }) => ack({ response_action: 'errors', errors: errors.shift() ?? {} }));
    await open();
    await slack.guest.type('Reason', 'An audit');
    expect(await slack.guest.submit()).toMatchObject({ ok: true, closed: false, errors: { reason: 'Say more' } });
    expect(slack.guest.modal()).toContain('Say more');
    expect(await slack.guest.submit()).toMatchObject({ ok: false, closed: false });
    expect(slack.guest.modal()).toContain('We had some trouble connecting. Try again?');
  });

  it('is updated, pushed upon and cleared by its acknowledgement', async () => {
    const answers = [
      { response_action: 'update', view: modal('Second', [input('Ticket', 'ticket')]) },
      { response_action: 'push', view: modal('Third', []) },
      { response_action: 'clear' },
    ];
    app.view('form', async ({ ack }) => ack(answers.shift() as never));
    await open();
    await slack.guest.type('Reason', 'x');
    await slack.guest.submit();
    await slack.guest.type('Ticket', 'T-1');
    await slack.guest.submit();
    expect(slack.guest.view().modals.map(({ title }) => title)).toEqual(['Second', 'Third']);
    await slack.guest.submit();
    expect(slack.guest.modal()).toBeNull();
  });

  it('is updated only from the state that the app saw', async () => {
    const { view } = await open();
    const [id, hash] = [view?.id as string, view?.hash as string];
    await client.views.update({ view_id: id, hash, view: modal('Newer') });
    expect(await fails(client.views.update({ view_id: id, hash, view: modal('Older') }))).toMatchObject({
      error: 'hash_conflict',
    });
    expect(slack.guest.modal()).toContain('Newer');
    await slack.guest.close();
    expect(await fails(client.views.update({ view_id: id, view: modal('x') }))).toMatchObject({ error: 'not_found' });
  });

  it('tells of its closing when it was asked to', async () => {
    const closed: unknown[] = [];
    app.view({ type: 'view_closed', callback_id: 'form' }, async ({ ack, body }) => {
      closed.push((body as ViewClosedAction).is_cleared);
      await ack();
    });
    await open(modal('A', undefined, { notify_on_close: true }));
    await slack.guest.close();
    expect(closed).toEqual([false]);
  });

  it('keeps what was typed where the trouble is in the line', async () => {
    slack.trouble({ delivery: 'submission', drop: true });
    app.view('form', async ({ ack }) => ack());
    await open();
    await slack.guest.type('Reason', 'An audit');
    expect(await slack.guest.submit()).toMatchObject({ ok: false, error: 'operation_timeout', closed: false });
    expect(slack.guest.modal()).toMatch(/Reason: An audit[\s\S]*Try again/);
  });
});

describe('what is chosen', () => {
  const option = (title: string) => ({ text: plain(title), value: title.toLowerCase() });
  const options = ['Reader', 'Owner'].map(option);

  it('is an action of its own outside of inputs', async () => {
    const actions: unknown[] = [];
    app.action(/.*/, async ({ ack, action }) => {
      actions.push(action);
      await ack();
    });
    const role = { type: 'static_select', action_id: 'role', placeholder: plain('Choose a role'), options };
    const more = { type: 'overflow', action_id: 'more', options };
    const blocks = [
      { type: 'section', block_id: 'one', text: plain('Role'), accessory: role },
      { type: 'actions', block_id: 'two', elements: [more] },
    ] as object[] as Block[];
    await client.chat.postMessage({ channel: 'D_GUEST', text: 'x', blocks });
    await slack.guest.choose('Role', 'Owner');
    await slack.guest.press('Reader');
    expect(actions).toMatchObject([
      { type: 'static_select', action_id: 'role', block_id: 'one', selected_option: { value: 'owner' } },
      { type: 'overflow', action_id: 'more', selected_option: { value: 'reader', text: { text: 'Reader' } } },
    ]);
  });

  it('is in the state of a modal, beside what was there from the start', async () => {
    const field = (label: string, element: object) =>
      ({ type: 'input', block_id: label, label: plain(label), element: { action_id: 'it', ...element } }) as Block;
    const view = modal('A form', [
      field('Roles', { type: 'checkboxes', options }),
      field('Person', { type: 'users_select' }),
      field('Until', { type: 'datepicker', initial_date: '2031-01-01' }),
      field('Kind', { type: 'radio_buttons', options, initial_option: options[0] }),
    ]);
    let values: unknown;
    app.view('form', async ({ ack, view: submitted }) => {
      values = submitted.state.values;
      await ack();
    });
    await slack.guest.shortcut('request-access');
    await client.views.open({ trigger_id: slack.deliveries.at(-1)?.payload.trigger_id as string, view });
    await slack.guest.choose('Roles', 'Reader', 'Owner');
    await slack.guest.choose('Person', 'Paul Approver');
    expect(slack.guest.modal()).toContain('Roles: Reader, Owner\nPerson: U_APPROVER\nUntil: 2031-01-01\nKind: Reader');
    await slack.guest.submit();
    expect(values).toMatchObject({
      Roles: { it: { type: 'checkboxes', selected_options: [{ value: 'reader' }, { value: 'owner' }] } },
      Person: { it: { type: 'users_select', selected_user: 'U_APPROVER' } },
      Until: { it: { type: 'datepicker', selected_date: '2031-01-01' } },
      Kind: { it: { type: 'radio_buttons', selected_option: { value: 'reader' } } },
    });
  });
});

describe('a person', () => {
  it('reads times, names and links, not their marks', async () => {
    const text = '*Until* <!date^1893456000^{date_short}|1 January> &lt;b&gt; _by_ <https://x.example|the page>, a_b_c';
    await client.chat.postMessage({
      channel: 'D_GUEST',
      text: 'x',
      blocks: [{ type: 'section', text: { type: 'mrkdwn', text } }],
    });
    expect(shownText(await slack.guest.see('Until'))).toBe('Until 1 January <b> by the page, a_b_c');
  });

  it('who does not find something says what there is', async () => {
    await client.chat.postMessage({ channel: 'D_GUEST', text: 'The only message' });
    expect(() => slack.guest.press('Approve')).toThrow(/Gia Guest sees no button “Approve”[\s\S]*The only message/);
    await expect(slack.guest.see('Nothing', 20)).rejects.toThrow(/does not see Nothing[\s\S]*The only message/);
  });
});

describe('the Home tab', () => {
  it('is published when it is opened', async () => {
    app.event('app_home_opened', async ({ event, client: own }) => {
      await own.views.publish({ user_id: event.user, view: { type: 'home', blocks: [button('Request')] } });
    });
    await slack.guest.openHome();
    await slack.guest.see('[Request]');
    expect(slack.guest.home()).toBe('[Request]');
  });
});

describe('rates', () => {
  it('let a burst of messages through, then one a second and channel', async () => {
    await restart({ rates: { factor: 1 } });
    const send = (channel: string) => client.chat.postMessage({ channel, text: 'x' });
    for (let index = 0; index < 5; index++) await send('D_GUEST');
    expect(await fails(send('D_GUEST'))).toMatchObject({ code: 'slack_webapi_rate_limited_error' });
    expect(slack.calls.at(-1)?.answered).toEqual({ status: 429, ok: false, error: 'ratelimited' });
    await send('D_ADMIN');
  });
});

describe('trouble', () => {
  it('answers, delays, cuts off, for as many calls as told', async () => {
    const send = () => fails(client.chat.postMessage({ channel: generalChannel, text: 'x' }));
    slack.trouble(
      { api: 'chat.postMessage', status: 429, retryAfterSeconds: 7 },
      { api: /^chat\./, error: 'channel_not_found' },
      { api: 'chat.postMessage', cutAfter: true },
      { api: 'chat.postMessage', cutBefore: true },
    );
    expect(await send()).toMatchObject({ code: 'slack_webapi_rate_limited_error' });
    expect(await send()).toMatchObject({ error: 'channel_not_found' });
    expect(slack.guest.messages()).toHaveLength(0);
    expect(await send()).toMatchObject({ code: 'slack_webapi_request_error' });
    expect(slack.guest.messages()).toHaveLength(1);
    expect(await send()).toMatchObject({ code: 'slack_webapi_request_error' });
    expect(await send()).toEqual({});
    expect(slack.guest.messages()).toHaveLength(2);
  });

  it('doubles and reorders deliveries', async () => {
    const said: string[] = [];
    app.message(async ({ message }) => void said.push((message as { text: string }).text));
    slack.trouble({ delivery: 'event', duplicate: 1 });
    await slack.guest.say('twice');
    expect(said).toEqual(['twice', 'twice']);
    slack.trouble({ delivery: 'event', reorder: true });
    await Promise.all([slack.guest.say('first'), slack.guest.say('second')]);
    expect(said.slice(2)).toEqual(['second', 'first']);
  });
});

describe('requests to the app', () => {
  it('can be sent again, forged, and dated otherwise', async () => {
    app.message(async () => {});
    await slack.guest.say('hello');
    const last = slack.lastRequest();
    if (!last) throw new Error('nothing was sent');
    expect(last.headers['x-slack-signature']).toBe(
      sign(fakeSigningSecret, last.headers['x-slack-request-timestamp'] as string, last.body),
    );
    expect((await slack.post(last)).status).toBe(200);
    expect((await slack.post(slack.signed(last.body, { secret: 'another' }))).status).toBe(401);
    const yesterday = Math.floor(Date.now() / 1000) - 86_400;
    expect((await slack.post(slack.signed(last.body, { timestamp: yesterday }))).status).toBe(401);
  });
});

describe('people', () => {
  it('are told of as guests, outsiders and deactivated', async () => {
    const info = async (user: string) => (await client.users.info({ user, include_locale: true })).user;
    expect(await info('U_GUEST')).toMatchObject({ is_restricted: true, is_email_confirmed: true, locale: 'en-GB' });
    expect(await info('U_OUTSIDER')).toMatchObject({ team_id: 'T_OTHER', is_stranger: false });
    const changes: unknown[] = [];
    app.event('user_change', async ({ event }) => void changes.push(event.user));
    await slack.updateUser('U_GUEST', { deleted: true });
    expect(changes).toMatchObject([{ id: 'U_GUEST', deleted: true }]);
    expect(await fails(client.conversations.open({ users: 'U_GUEST' }))).toMatchObject({ error: 'user_disabled' });
    expect(await fails(client.users.lookupByEmail({ email: 'guest@partner.example' }))).toMatchObject({
      error: 'users_not_found',
    });
    expect(await slack.guest.say('hello?')).toMatchObject({ ok: false, error: 'account_inactive' });
  });

  it('from outside see the shared channels alone, and can press what is there', async () => {
    const users: unknown[] = [];
    app.action('go', async ({ ack, body }) => {
      users.push(body.user);
      await ack();
    });
    expect(slack.outsider.view().conversations.map(({ id }) => id)).toEqual([sharedChannel]);
    await client.chat.postMessage({ channel: sharedChannel, text: 'x', blocks: [button('Approve')] });
    await slack.outsider.press('Approve');
    expect(users).toMatchObject([{ id: 'U_OUTSIDER', team_id: 'T_OTHER' }]);
  });
});

describe('Socket Mode', () => {
  it('brings commands and events, and takes the answers', async () => {
    const receiver = new SocketModeReceiver({
      appToken: fakeAppToken,
      logLevel: LogLevel.ERROR,
      installerOptions: { clientOptions: { slackApiUrl: slack.apiUrl } },
    });
    const socketApp = new App({
      authorize,
      receiver,
      clientOptions: { slackApiUrl: slack.apiUrl },
      logLevel: LogLevel.ERROR,
    });
    const said: unknown[] = [];
    socketApp.command('/usher', async ({ ack, command }) => ack(`Over a socket: ${command.text}`));
    socketApp.message(async ({ message }) => void said.push(message));
    await socketApp.start();
    expect(await slack.guest.command('hi')).toMatchObject({ ok: true });
    await slack.guest.see('Over a socket: hi');
    await slack.guest.say('hello');
    expect(said).toHaveLength(1);
    expect(slack.deliveries.map(({ request }) => request)).toEqual([null, null]);
    await socketApp.stop();
    await slack.idle();
  });
});

describe('installing', () => {
  it('hands out a code, and tokens for it, team by team', async () => {
    const authorise = async (team: string) => {
      const query = new URLSearchParams({
        client_id: fakeSlackClient.clientId,
        state: 's',
        redirect_uri: 'http://localhost:1/back',
        team,
      });
      const response = await fetch(`${slack.origin}/oauth/v2/authorize?${query}`, { redirect: 'manual' });
      return new URL(response.headers.get('location') ?? '');
    };
    const back = await authorise('T_SECOND');
    expect(back.searchParams.get('state')).toBe('s');
    const asked = {
      client_id: fakeSlackClient.clientId,
      client_secret: fakeSlackClient.clientSecret,
      code: back.searchParams.get('code') as string,
    };
    const granted = await new WebClient(undefined, { slackApiUrl: slack.apiUrl }).oauth.v2.access(asked);
    expect(granted).toMatchObject({ token_type: 'bot', team: { id: 'T_SECOND' } });
    const second = new WebClient(granted.access_token as string, {
      slackApiUrl: slack.apiUrl,
      logLevel: LogLevel.ERROR,
    });
    expect(await second.auth.test()).toMatchObject({ team_id: 'T_SECOND' });
    expect(await fails(second.chat.postMessage({ channel: 'D_GUEST', text: 'x' }))).toMatchObject({
      error: 'channel_not_found',
    });
    await second.auth.revoke();
    expect(await fails(second.auth.test())).toMatchObject({ error: 'invalid_auth' });
  });
});

describe('tokens', () => {
  it('that rotate expire after twelve hours, and are had anew for the refresh token, once', async () => {
    let now = Date.now();
    await restart({ tokenRotation: true, now: () => now });
    const anybody = new WebClient(undefined, { slackApiUrl: slack.apiUrl, logger: silent });
    const { clientId, clientSecret } = fakeSlackClient;
    const own = { client_id: clientId, client_secret: clientSecret };
    const query = new URLSearchParams({ client_id: clientId, redirect_uri: 'http://localhost:1/back' });
    const back = await fetch(`${slack.origin}/oauth/v2/authorize?${query}`, { redirect: 'manual' });
    const code = new URL(back.headers.get('location') ?? '').searchParams.get('code') as string;
    const first = await anybody.oauth.v2.access({ ...own, code });
    const speaking = (token: unknown) => new WebClient(token as string, { slackApiUrl: slack.apiUrl, logger: silent });
    expect(await speaking(first.access_token).auth.test()).toMatchObject({ ok: true });
    now += 12 * 3600_000;
    expect(await fails(speaking(first.access_token).auth.test())).toMatchObject({ error: 'token_expired' });
    const refresh = { ...own, grant_type: 'refresh_token' as const, refresh_token: first.refresh_token as string };
    const second = await anybody.oauth.v2.access(refresh);
    expect(await speaking(second.access_token).auth.test()).toMatchObject({ ok: true });
    expect(await fails(anybody.oauth.v2.access(refresh))).toMatchObject({ error: 'invalid_refresh_token' });
  });

  it('end when the app is taken off the workspace, of which it is told', async () => {
    const events: string[] = [];
    app.event('tokens_revoked', async () => void events.push('tokens_revoked'));
    app.event('app_uninstalled', async () => void events.push('app_uninstalled'));
    await slack.uninstall();
    expect(events).toEqual(['tokens_revoked', 'app_uninstalled']);
    expect(await fails(client.auth.test())).toMatchObject({ error: 'invalid_auth' });
  });
});

describe('the server', () => {
  it('answers its own name and its own page alone', async () => {
    const { port } = new URL(slack.origin);
    const status = (headers: Record<string, string>, path = '/client/state?user=U_GUEST', method = 'GET') =>
      new Promise<number>((resolve) => {
        request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        }).end();
      });
    expect(await status({})).toBe(200);
    expect(await status({ host: 'evil.example' })).toBe(403);
    expect(await status({ origin: 'http://evil.example' })).toBe(403);
    expect(await status({ 'content-type': 'text/plain' }, '/client/act?user=U_GUEST', 'POST')).toBe(415);
  });
});
