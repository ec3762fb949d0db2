import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebClient } from '@slack/web-api';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SlackWorkspace } from '../../dev/slack-workspace/contract.ts';
import { servePage } from '../../dev/slack-workspace/page/serve.ts';
import { startSlackWorkspace } from '../../dev/slack-workspace/workspace.ts';
import { launchBrowser, visibleText } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { expectSound } from '../support/expect-sound.ts';
import { openSlack, type SlackPage } from '../support/slack-page.ts';

// biome-ignore lint/suspicious/noExplicitAny: payloads and blocks are whatever the test makes of them.
type Any = any;

const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const option = (value: string, text = value) => ({ text: plain(text), value });
const button = (title: string, more: Any = {}) => ({
  type: 'button',
  action_id: `press-${title}`,
  text: plain(title),
  ...more,
});

/** 15 November 2026, 13:20 in Berlin. */
const noon = Date.UTC(2026, 10, 15, 12, 20) / 1000;

/** Every block that has no input. */
const everyBlock: Any[] = [
  { type: 'header', text: plain('A header with <b>no</b> markup') },
  {
    type: 'section',
    text: mrkdwn(
      '*bold* _italic_ ~struck~ `code` <https://example.com/a?b=1&amp;c=2|a link> <@U_ADA> <#C_GENERAL> ' +
        `<!date^${noon}^{date_num} {time}|a fallback> :hourglass: 1 &lt; 2 &amp; 3 snake_case_name\n> quoted\n\`\`\`*pre*\`\`\``,
    ),
    accessory: { type: 'image', image_url: 'https://images.example/a.svg', alt_text: 'An accessory' },
  },
  { type: 'section', text: plain('*not bold* <https://example.com|not a link>'), accessory: button('In a section') },
  { type: 'section', fields: [mrkdwn('*Role*\nContributor'), plain('Scope\nrg-expenses')] },
  { type: 'divider' },
  {
    type: 'rich_text',
    elements: [
      {
        type: 'rich_text_section',
        elements: [
          { type: 'text', text: '*plain* ', style: { bold: true, italic: true } },
          { type: 'link', url: 'https://example.com/rich', text: 'rich link' },
          { type: 'link', url: 'javascript:alert(1)', text: 'no link' },
          { type: 'user', user_id: 'U_PAUL' },
          { type: 'emoji', name: 'wave', unicode: '1f44b' },
          { type: 'date', timestamp: noon, format: '{date_long} at {time}', fallback: 'then' },
        ],
      },
      {
        type: 'rich_text_list',
        style: 'ordered',
        elements: [
          { type: 'rich_text_section', elements: [{ type: 'text', text: 'first' }] },
          { type: 'rich_text_section', elements: [{ type: 'text', text: 'second' }] },
        ],
      },
      { type: 'rich_text_list', style: 'bullet', indent: 1, elements: [{ type: 'rich_text_section', elements: [] }] },
      { type: 'rich_text_quote', elements: [{ type: 'text', text: 'a quote' }] },
      { type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'a\n  b' }] },
    ],
  },
  {
    type: 'context',
    elements: [
      { type: 'image', image_url: 'https://images.example/b.svg', alt_text: 'A context image' },
      mrkdwn('small _print_'),
    ],
  },
  { type: 'image', image_url: 'https://images.example/c.svg', alt_text: 'A picture', title: plain('Its title') },
  {
    type: 'actions',
    elements: [
      button('Approve', { style: 'primary', value: 'yes' }),
      button('Deny', {
        style: 'danger',
        confirm: {
          title: plain('Are you sure?'),
          text: plain('They will be told.'),
          confirm: plain('Yes, deny'),
          deny: plain('No'),
          style: 'danger',
        },
      }),
      button('Read more', { url: 'https://example.com/more' }),
      { type: 'overflow', action_id: 'more', options: [option('resend', 'Send again'), option('revoke', 'Take back')] },
    ],
  },
];

const input = (id: string, label: string, element: Any, more: Any = {}) => ({
  type: 'input',
  block_id: id,
  label: plain(label),
  element: { action_id: 'it', ...element },
  ...more,
});
const colours = [option('r', 'Red'), option('g', 'Green'), option('b', 'Blue')];

/** Every input, all of them empty. */
const everyInput: Any[] = [
  input('text', 'Text', { type: 'plain_text_input', max_length: 20 }, { hint: plain('At most 20 characters') }),
  input('lines', 'Lines', { type: 'plain_text_input', multiline: true }, { optional: true }),
  input('mail', 'Mail', { type: 'email_text_input', placeholder: plain('somebody@example.com') }),
  input('link', 'Address', { type: 'url_text_input' }),
  input('number', 'Number', { type: 'number_input', is_decimal_allowed: false }),
  input('one', 'One', { type: 'static_select', options: colours }),
  input('grouped', 'Grouped', {
    type: 'static_select',
    option_groups: [
      { label: plain('Warm'), options: [option('r', 'Red')] },
      { label: plain('Cold'), options: [option('b', 'Blue')] },
    ],
  }),
  input('several', 'Several', { type: 'multi_static_select', options: colours }),
  input('radio', 'Radio', { type: 'radio_buttons', options: colours }),
  input('boxes', 'Boxes', { type: 'checkboxes', options: [{ ...option('x', 'Ex'), description: plain('Why') }] }),
  input('date', 'Date', { type: 'datepicker' }),
  input('time', 'Time', { type: 'timepicker' }),
  input('moment', 'Moment', { type: 'datetimepicker' }),
  input('user', 'Person', { type: 'users_select' }),
  input('users', 'People', { type: 'multi_users_select' }),
];

const modal = (title: string, blocks: Any[], more: Any = {}) => ({
  type: 'modal',
  title: plain(title),
  blocks,
  submit: plain('Send'),
  close: plain('Leave'),
  ...more,
});

const form = modal('Request access', [
  input('role', 'Role', { type: 'static_select', options: [option('reader', 'Reader'), option('owner', 'Owner')] }),
  input('reason', 'Reason', { type: 'plain_text_input', multiline: true }, { hint: plain('What it is for') }),
  input('ticket', 'Ticket', { type: 'plain_text_input' }, { optional: true }),
]);

/** An app that does what the test says. */
interface App {
  readonly server: Server;
  /** What it was sent, newest last. */
  readonly heard: Any[];
  answer: (payload: Any) => unknown;
}

async function startApp(workspace: SlackWorkspace): Promise<App> {
  const app: App = {
    heard: [],
    answer: () => undefined,
    server: createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks).toString();
      const fields = Object.fromEntries(new URLSearchParams(body));
      const isJson = request.headers['content-type']?.includes('json');
      const payload = isJson ? JSON.parse(body) : fields.payload ? JSON.parse(fields.payload) : fields;
      app.heard.push(payload);
      const answer = await app.answer(payload);
      response.writeHead(200, { 'content-type': 'application/json' }).end(answer ? JSON.stringify(answer) : '');
    }),
  };
  await new Promise<void>((resolve) => app.server.listen(0, '127.0.0.1', resolve));
  workspace.deliverTo(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}/`);
  return app;
}

const startWorkspace = () =>
  startSlackWorkspace({
    signingSecret: 'secret',
    botToken: 'xoxb-token',
    team: { id: 'T_CONTOSO', name: 'Contoso' },
    shortcuts: [{ callbackId: 'request-access', name: 'Request access' }],
    rates: false,
    users: [
      { id: 'U_ADA', name: 'ada', realName: 'Ada Administrator', email: 'ada@contoso.example', admin: true },
      { id: 'U_PAUL', name: 'paul', realName: 'Paul Approver', email: 'paul@contoso.example' },
      { id: 'U_GIA', name: 'gia', realName: 'Gia Guest', email: 'gia@partner.example', restricted: true },
      { id: 'U_OTTO', name: 'otto', realName: 'Otto Outsider', email: null, teamId: 'T_OTHER' },
    ].map((user) => ({ tz: 'Europe/Berlin', ...user })),
    channels: [
      { id: 'C_GENERAL', name: 'general', members: ['U_ADA', 'U_PAUL', 'U_GIA'] },
      { id: 'C_PARTNERS', name: 'partners', shared: true },
    ],
    page: servePage,
  });

describe('the local Slack', () => {
  let browser: Browser;
  let workspace: SlackWorkspace;
  let app: App;
  let web: WebClient;
  let slack: SlackPage;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
  });

  const open = async (userId: string) => {
    const opened = await openSlack(browser, workspace.origin, userId, { locale: 'en-GB' });
    await opened.page.route('https://images.example/**', (route) =>
      route.fulfill({ contentType: 'image/svg+xml', body: '<svg xmlns="http://www.w3.org/2000/svg"/>' }),
    );
    return opened;
  };

  beforeEach(async () => {
    workspace = await startWorkspace();
    app = await startApp(workspace);
    web = new WebClient('xoxb-token', { slackApiUrl: workspace.apiUrl });
    slack = await open('U_ADA');
    page = slack.page;
    complaints = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
  });
  afterEach(async () => {
    await page.context().close();
    await workspace.stop();
    app.server.closeAllConnections();
    app.server.close();
    expect(complaints).toEqual([]);
  });

  const dmOf = async (userId: string) => (await web.conversations.open({ users: userId })).channel?.id as string;
  const post = async (blocks: Any[], text = 'A message') =>
    web.chat.postMessage({ channel: await dmOf('U_ADA'), text, blocks });
  /** The app opens this modal on the command, and answers its submission so. */
  const onCommand = (view: Any, onSubmission: (payload: Any) => unknown = () => undefined) => {
    app.answer = async (payload) => {
      if (payload.command) await web.views.open({ trigger_id: payload.trigger_id, view });
      return payload.type === 'view_submission' ? onSubmission(payload) : undefined;
    };
  };
  const heard = (type: string) =>
    eventually(async () => app.heard.findLast((payload) => payload.type === type), `the app hears of ${type}`);

  describe('a message', () => {
    it('is drawn, whatever blocks it is made of', async () => {
      await post(everyBlock);
      const said = await slack.see('A header with <b>no</b> markup');
      expect(said).not.toContain('unsupported');
      for (const words of [
        'bold italic struck code a link @Ada Administrator #general 2026-11-15 13:20 ⌛ 1 < 2 & 3 snake_case_name',
        'quoted',
        '*pre*',
        '*not bold* <https://example.com|not a link>',
        'Role\nContributor',
        'rich link',
        '@Paul Approver',
        '👋',
        '15 November 2026 at 13:20',
        'first\nsecond',
        'small print',
        'Its title',
      ])
        expect(said).toContain(words);

      const message = page.getByRole('article').last();
      const shows = (selector: string) => message.locator(selector).allTextContents();
      expect(await shows('.section strong')).toEqual(['bold', 'Role']);
      expect(await shows('.rich strong em')).toEqual(['*plain* ']);
      expect(await shows('blockquote')).toEqual(['quoted', 'a quote']);
      expect(await shows('pre')).toEqual(['*pre*', 'a\n  b']);
      expect(await shows('ol > li')).toEqual(['first', 'second']);
      expect(
        await message.getByRole('link').evaluateAll((links) => links.map((link) => link.getAttribute('href'))),
      ).toEqual(['https://example.com/a?b=1&c=2', 'https://example.com/rich', 'https://example.com/more']);
      for (const name of ['An accessory', 'A context image', 'A picture'])
        expect(await message.getByRole('img', { name }).count()).toBe(1);
      expect(await slack.buttons('A header')).toEqual([
        'In a section',
        'Approve',
        'Deny',
        'Read more',
        'Send again',
        'Take back',
      ]);
      await expectSound(page);
    });

    it('shows what it can’t draw as an error', async () => {
      await post([
        { type: 'file', source: 'remote', external_id: 'F1' },
        { type: 'actions', elements: [{ type: 'external_select', action_id: 'a' }] },
      ]);
      const said = await slack.see('unsupported');
      expect(said).toContain('unsupported block: file');
      expect(said).toContain('unsupported element: external_select');
    });

    it('tells the app which button was pressed, after a question if there is one', async () => {
      await post(everyBlock);
      await slack.see('A header');
      await slack.press('Approve');
      expect((await heard('block_actions')).actions[0]).toMatchObject({ action_id: 'press-Approve', value: 'yes' });

      await slack.press('Deny');
      expect(await slack.modal()).toContain('They will be told.');
      await expectSound(page);
      await slack.press('No');
      await slack.press('Deny');
      await slack.press('Yes, deny');
      await slack.press('Take back');
      const pressed = app.heard.filter(({ type }) => type === 'block_actions').map(({ actions }) => actions[0]);
      expect(pressed.map(({ action_id }) => action_id)).toEqual(['press-Approve', 'press-Deny', 'more']);
      expect(pressed[2].selected_option.value).toBe('revoke');
    });

    it('is marked when only they can see it, and when it was edited', async () => {
      const channel = await dmOf('U_ADA');
      await web.chat.postEphemeral({ channel, user: 'U_ADA', text: 'a *secret*' });
      expect(await slack.see('a secret')).toContain('Only visible to you');
      const { ts } = await web.chat.postMessage({ channel, text: 'first' });
      await slack.see('first');
      await web.chat.update({ channel, ts: ts as string, text: 'second' });
      expect(await slack.see('second')).toContain('(edited)');
      await slack.seeNoMore('first');
    });

    it('that is written goes to the app, and a command as a command', async () => {
      app.answer = ({ command }) => (command ? { text: 'I heard a command' } : undefined);
      await slack.say('hello *you*');
      await slack.see('hello');
      await slack.say('/usher  status now');
      expect(await slack.see('I heard a command')).toContain('Only visible to you');
      expect(app.heard.find(({ command }) => command)).toMatchObject({ command: '/usher', text: 'status now' });
      expect(app.heard.find(({ event }) => event?.type === 'message')?.event.text).toBe('hello *you*');
    });
  });

  describe('a modal', () => {
    it('sends what was put into every kind of input', async () => {
      onCommand(modal('Inputs', everyInput));
      await slack.say('/usher form');
      expect(await slack.modal()).not.toContain('unsupported');
      await expectSound(page);
      await slack.fill('Text', 'words');
      await slack.fill('Lines', 'one\ntwo');
      await slack.fill('Mail', 'a@b.example');
      await slack.fill('Address', 'https://example.com');
      await slack.fill('Number', '42');
      await slack.choose('One', 'Green');
      await slack.choose('Grouped', 'Blue');
      await slack.choose('Several', 'Red', 'Blue');
      await slack.choose('Radio', 'Green');
      await slack.choose('Boxes', 'Ex');
      await slack.fill('Date', '2026-11-15');
      await slack.fill('Time', '13:20');
      await slack.fill('Moment', '2026-11-15T13:20');
      await slack.choose('Person', 'Paul Approver');
      await slack.choose('People', 'Paul Approver', 'Gia Guest');
      await slack.submit('Send');

      const { values } = (await heard('view_submission')).view.state;
      const held = Object.fromEntries(
        Object.entries<Any>(values).map(([block, { it: state }]) => {
          const { type: _, ...rest } = state;
          const [value] = Object.values<Any>(rest);
          if (Array.isArray(value)) return [block, value.map((one) => one.value ?? one)];
          return [block, value?.value ?? value];
        }),
      );
      expect(held).toEqual({
        text: 'words',
        lines: 'one\ntwo',
        mail: 'a@b.example',
        link: 'https://example.com',
        number: '42',
        one: 'g',
        grouped: 'b',
        several: ['r', 'b'],
        radio: 'g',
        boxes: ['x'],
        date: '2026-11-15',
        time: '13:20',
        moment: noon,
        user: 'U_PAUL',
        users: ['U_PAUL', 'U_GIA'],
      });
      expect(await slack.modal()).toBeNull();
    });

    it('shows initial values, and over them what was typed', async () => {
      onCommand(
        modal('Initial', [
          input('text', 'Text', { type: 'plain_text_input', initial_value: 'given' }),
          input('one', 'One', { type: 'static_select', options: colours, initial_option: colours[1] }),
          input('boxes', 'Boxes', { type: 'checkboxes', options: colours, initial_options: [colours[0]] }),
        ]),
      );
      await slack.say('/usher form');
      expect(await page.getByLabel('Text').inputValue()).toBe('given');
      expect(await page.getByLabel('One').inputValue()).toBe('g');
      expect(await page.getByLabel('Red').isChecked()).toBe(true);

      await slack.fill('Text', 'typed');
      await slack.choose('Boxes', 'Blue');
      await eventually(
        async () => workspace.view('U_ADA').modals[0]?.inputs['text/it'] === 'typed',
        'the workspace hears what was typed',
      );
      // Another client of the same person's.
      const second = await open('U_ADA');
      expect(await second.page.getByLabel('Text').inputValue()).toBe('typed');
      expect(await second.page.getByLabel('Blue').isChecked()).toBe(true);
      expect(await second.page.getByLabel('Red').isChecked()).toBe(false);
      await second.page.context().close();
    });

    it('says what is wrong with its fields, to a screen reader as well', async () => {
      onCommand(form, ({ view }) =>
        view.state.values.ticket.it.value
          ? undefined
          : { response_action: 'errors', errors: { ticket: 'Owner needs a ticket.' } },
      );
      await slack.say('/usher form');
      await slack.submit();
      expect(await slack.errors()).toEqual({
        Role: 'Please complete this required field.',
        Reason: 'Please complete this required field.',
      });
      expect(await page.getByRole('dialog').getByRole('alert').first().textContent()).toContain(
        'Role: Please complete this required field.',
      );
      const role = page.getByLabel('Role');
      expect(await role.getAttribute('aria-invalid')).toBe('true');
      expect(await role.evaluate((element) => element === document.activeElement)).toBe(true);
      const reason = page.getByLabel('Reason');
      const described = (await reason.getAttribute('aria-describedby'))?.split(' ') ?? [];
      expect(await Promise.all(described.map((id) => page.locator(`#${id}`).textContent()))).toEqual([
        'What it is for',
        'Please complete this required field.',
      ]);
      await expectSound(page);

      await slack.choose('Role', 'Owner');
      await slack.fill('Reason', 'Quarter end');
      await slack.submit();
      expect(await slack.errors()).toEqual({ Ticket: 'Owner needs a ticket.' });
      await slack.fill('Ticket', 'INC-1');
      await slack.submit();
      expect(await slack.modal()).toBeNull();
    });

    it('stays beneath the one that was pushed on it', async () => {
      app.answer = async (payload) => {
        if (payload.command)
          await web.views.open({
            trigger_id: payload.trigger_id,
            view: modal('Below', [{ type: 'actions', elements: [button('Deeper')] }]) as Any,
          });
        if (payload.type === 'block_actions')
          await web.views.push({ trigger_id: payload.trigger_id, view: modal('Above', everyBlock.slice(0, 1)) as Any });
      };
      await slack.say('/usher form');
      await slack.press('Deeper');
      expect(await slack.modal()).toContain('Above');
      await page.keyboard.press('Escape');
      await slack.seeNoMore('Above');
      expect(await slack.modal()).toContain('Below');
      await slack.press('Deeper');
      await page.getByRole('button', { name: 'Close all' }).last().click();
      await slack.seeNoMore('Below');
      expect(await slack.modal()).toBeNull();
    });

    it('says so when the app doesn’t answer', async () => {
      onCommand(form);
      await slack.say('/usher form');
      await slack.choose('Role', 'Reader');
      await slack.fill('Reason', 'Quarter end');
      workspace.trouble({ delivery: 'submission', drop: true });
      await slack.submit();
      expect(await slack.modal()).toContain('We had some trouble connecting');
      expect(await slack.notices()).toHaveLength(1);
      await expectSound(page);
      await page.getByRole('dialog').getByRole('button', { name: 'Dismiss' }).click();
      await eventually(async () => (await slack.notices()).length === 0, 'the notice goes');
    });

    it('shows that it works as long as the app takes', async () => {
      let answer: (body: unknown) => void = () => {};
      onCommand(form, () => new Promise((resolve) => (answer = resolve)));
      await slack.say('/usher form');
      await slack.choose('Role', 'Reader');
      await slack.fill('Reason', 'Quarter end');
      const submitted = slack.submit();
      await page.getByRole('dialog').getByText('Working…').waitFor();
      answer(null);
      await submitted;
      expect(await slack.modal()).toBeNull();
    });
  });

  describe('with a keyboard alone', () => {
    const focusedName = () =>
      page.evaluate(() => {
        const { activeElement } = document;
        const ids = activeElement?.getAttribute('aria-labelledby')?.split(' ') ?? [];
        const label = ids.map((id) => document.getElementById(id)?.textContent).join(' ');
        return label || activeElement?.getAttribute('aria-label') || activeElement?.textContent || '';
      });
    const tabTo = async (name: string) => {
      for (let step = 0; step < 30; step += 1) {
        await page.keyboard.press('Tab');
        if (!(await focusedName()).includes(name)) continue;
        const outline = await page.evaluate(() => getComputedStyle(document.activeElement as Element).outline);
        expect(outline).toMatch(/solid 3px/);
        return;
      }
      throw new Error(`the keyboard does not reach “${name}” on ${await visibleText(page.locator('body'))}`);
    };

    it('everything is reached, and the focus comes back', async () => {
      onCommand(form);
      await tabTo('Message to Usher');
      await page.keyboard.type('/usher form');
      await page.keyboard.press('Enter');
      await slack.see('Request access');
      expect(await focusedName()).toContain('Role');
      await page.keyboard.press('O');
      await page.keyboard.press('Tab');
      await page.keyboard.type('Quarter end');
      // The focus stays within the modal: what is behind it is never reached.
      const reached = new Set<string>();
      for (let step = 0; step < 12; step += 1) {
        await page.keyboard.press('Tab');
        reached.add(await focusedName());
      }
      expect([...reached].filter((name) => /Message|Shortcuts|general|You are/.test(name) && name.length < 40)).toEqual(
        [],
      );
      await tabTo('Ticket');
      await page.keyboard.press('Enter');
      const { values } = (await heard('view_submission')).view.state;
      expect([values.role.it.selected_option.value, values.reason.it.value]).toEqual(['owner', 'Quarter end']);
      await slack.seeNoMore('Request access');
      expect(await focusedName()).toContain('Message to Usher');

      await page.keyboard.type('/usher form');
      await page.keyboard.press('Enter');
      await slack.see('Request access');
      await page.keyboard.press('Escape');
      await slack.seeNoMore('Request access');
      expect(await focusedName()).toContain('Message to Usher');
    });

    it('a menu opens, and Escape closes it', async () => {
      await tabTo('Shortcuts');
      await page.keyboard.press('Enter');
      await tabTo('Request access');
      await page.keyboard.press('Escape');
      expect(await page.getByRole('button', { name: 'Request access' }).count()).toBe(0);
      expect(await focusedName()).toContain('Shortcuts');
    });
  });

  describe('what changes while somebody types', () => {
    it('leaves their words, the caret and the focus where they are', async () => {
      const composer = page.locator('#composer').getByRole('textbox');
      await composer.fill('half a sentence');
      await composer.evaluate((element) => (element as HTMLTextAreaElement).setSelectionRange(4, 6));
      await post([{ type: 'section', text: plain('news') }]);
      await slack.see('news');
      expect(
        await composer.evaluate((element) => {
          const { value, selectionStart, selectionEnd } = element as HTMLTextAreaElement;
          return { value, selectionStart, selectionEnd, focused: element === document.activeElement };
        }),
      ).toEqual({ value: 'half a sentence', selectionStart: 4, selectionEnd: 6, focused: true });

      // Each conversation keeps its own.
      await slack.open('general');
      expect(await page.locator('#composer').getByRole('textbox').inputValue()).toBe('');
      await slack.open('Usher');
      expect(await page.locator('#composer').getByRole('textbox').inputValue()).toBe('half a sentence');
    });

    it('leaves a modal’s field as it is while the modal is updated around it', async () => {
      onCommand(form);
      await slack.say('/usher form');
      const reason = page.getByLabel('Reason');
      await reason.click();
      await page.keyboard.type('Quarter');
      const { id } = workspace.view('U_ADA').modals[0] ?? { id: '' };
      const typing = page.keyboard.type(' end, at last', { delay: 40 });
      await web.views.update({
        view_id: id,
        view: { ...form, blocks: [{ type: 'section', text: plain('More above') }, ...form.blocks] } as Any,
      });
      await slack.see('More above');
      await typing;
      expect(await reason.inputValue()).toBe('Quarter end, at last');
      expect(await reason.evaluate((element) => element === document.activeElement)).toBe(true);
    });

    it('stays where it was scrolled to, and follows new messages at the end', async () => {
      for (let index = 0; index < 12; index += 1)
        await post([{ type: 'section', text: plain(`line ${index}\n\n\n\n.`) }]);
      await slack.see('line 11');
      const log = page.getByRole('log');
      const fromEnd = () => log.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight);
      expect(await fromEnd()).toBeLessThan(2);
      await log.evaluate((element) => element.scrollTo(0, 40));
      await post([{ type: 'section', text: plain('line 12') }]);
      await slack.see('line 12');
      expect(await log.evaluate((element) => element.scrollTop)).toBe(40);
    });
  });

  describe('the people', () => {
    it('are chosen in the menu, each with what they may see', async () => {
      await web.chat.postMessage({ channel: await dmOf('U_PAUL'), text: 'for Paul' });
      await page.getByRole('button', { name: 'You are Ada Administrator' }).click();
      const menu = page.getByRole('navigation', { name: 'Be somebody else' });
      expect(await menu.getByRole('link').allTextContents()).toEqual([
        'Ada Administrator administrator',
        'Paul Approver',
        'Gia Guest multi-channel guest',
        'Otto Outsider other organisation',
      ]);
      await expectSound(page);
      await page.getByRole('button', { name: 'You are' }).click();
      await page.getByRole('button', { name: 'You are' }).click();
      await menu.getByRole('link', { name: 'Paul Approver' }).click();
      await slack.see('for Paul');
      expect(page.url()).toContain('user=U_PAUL');

      const outsider = await open('U_OTTO');
      const channels = outsider.page.getByRole('list', { name: 'Channels' }).getByRole('link');
      expect(await channels.allTextContents()).toEqual(['# partners shared']);
      expect(await outsider.page.getByRole('button', { name: 'Shortcuts' }).count()).toBe(0);
      await outsider.page.context().close();
    });

    it('see what they have not read, and then it is read', async () => {
      await slack.open('general');
      await post([{ type: 'section', text: plain('unread') }]);
      await page.getByRole('link', { name: /^Usher ?, 1 unread$/ }).waitFor();
      await slack.messages();
      await slack.see('unread');
      await page.getByRole('link', { name: /unread/ }).waitFor({ state: 'detached' });
    });

    it('have a home tab, and shortcuts', async () => {
      app.answer = async ({ event, callback_id: callbackId, trigger_id: trigger }) => {
        if (event?.tab === 'home')
          await web.views.publish({
            user_id: event.user,
            view: { type: 'home', blocks: [...everyBlock, ...everyInput.slice(0, 3)] } as Any,
          });
        if (callbackId === 'request-access') await web.views.open({ trigger_id: trigger, view: form as Any });
      };
      await slack.home();
      expect(await slack.see('A header with <b>no</b> markup')).not.toContain('unsupported');
      await expectSound(page);
      await slack.press('Approve');
      expect((await heard('block_actions')).container.type).toBe('view');
      await slack.messages();
      await slack.shortcut('Request access');
      expect(await slack.modal()).toContain('Reason');
    });

    it('lose at a reload what Slack doesn’t keep', async () => {
      await web.chat.postEphemeral({ channel: await dmOf('U_ADA'), user: 'U_ADA', text: 'a secret' });
      await slack.see('a secret');
      await page.reload();
      await slack.seeNoMore('a secret');
      await page.locator('main[aria-busy=false]').waitFor();
      expect(await page.getByText('a secret').count()).toBe(0);
    });

    it('are told by the page when a word with a slash is no command', async () => {
      await slack.say('/ushr status');
      expect(await page.evaluate(() => (document.activeElement as HTMLTextAreaElement).validationMessage)).toBe(
        '/ushr is not a valid command.',
      );
      expect(app.heard.filter(({ command }) => command)).toEqual([]);
    });
  });
});
