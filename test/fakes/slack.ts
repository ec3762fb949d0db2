import { elementsIn, type Placed } from '../../dev/slack-workspace/blocks.ts';
import type { NewUser, SlackWorkspace, WorkspaceOptions } from '../../dev/slack-workspace/contract.ts';
import type { ActResult, InputValue, MessageShown, PersonView, ViewShown } from '../../dev/slack-workspace/view.ts';
import { startSlackWorkspace } from '../../dev/slack-workspace/workspace.ts';
import { blockText, readMrkdwn } from './slack-text.ts';

export const fakeSlackTeam = { id: 'T_CONTOSO', name: 'Contoso' } as const;
export const fakeSigningSecret = 'the-secret-that-the-fake-signs-with';
export const fakeBotToken = 'xoxb-the-token-that-the-fake-hands-out';
export const fakeAppToken = 'xapp-the-token-that-opens-sockets';
export const fakeSlackClient = { clientId: '1000.2000', clientSecret: 'the-secret-of-the-fake-client' } as const;
export const generalChannel = 'C_GENERAL';
/** With the outsider's organisation in it. */
export const sharedChannel = 'C_SHARED';

/** The demo's people, as they are in Slack. */
const fakeSlackUsers: readonly NewUser[] = [
  { id: 'U_GUEST', name: 'gia', realName: 'Gia Guest', email: 'guest@partner.example', restricted: true },
  { id: 'U_APPROVER', name: 'paul', realName: 'Paul Approver', email: 'approver@contoso.example' },
  { id: 'U_ADMIN', name: 'ada', realName: 'Ada Administrator', email: 'admin@contoso.example', admin: true },
  { id: 'U_OUTSIDER', name: 'otto', realName: 'Otto Outsider', email: null, teamId: 'T_OTHER' },
];

type Words = string | RegExp;

/** A message, a modal or the Home tab. */
export type Shown = MessageShown | ViewShown;

export interface Where {
  /** The place has to show these words. */
  readonly in?: Words;
  /** Of several in the place: the first is 0. */
  readonly nth?: number;
}

/** Somebody with Slack open. */
export interface SlackPerson {
  readonly id: string;
  /** Their conversation with the app. */
  readonly dm: string;
  /** A slash command, in their conversation with the app unless told; `text` is what follows `/usher`. */
  command(text: string, options?: { readonly channel?: string }): Promise<ActResult>;
  /** A direct message to the app. */
  say(text: string): Promise<ActResult>;
  mention(text: string, channel?: string): Promise<ActResult>;
  /** The newest button (or item of an overflow menu) with this title: in the top modal, in messages, on Home. */
  press(title: Words, where?: Where): Promise<ActResult>;
  type(label: Words, value: string, where?: Where): Promise<ActResult>;
  /** Options by their texts, people by their names; dates and times as `YYYY-MM-DD` and `HH:mm`. None: cleared. */
  choose(label: Words, ...options: readonly string[]): Promise<ActResult>;
  chooseIn(where: Where, label: Words, ...options: readonly string[]): Promise<ActResult>;
  submit(): Promise<ActResult>;
  close(): Promise<ActResult>;
  openHome(): Promise<ActResult>;
  shortcut(callbackId: string): Promise<ActResult>;
  /** The newest place that shows these words. */
  find(words: Words): Shown | undefined;
  /** Waits for it. @throws when none comes. */
  see(words: Words, withinMs?: number): Promise<Shown>;
  /** Waits until nothing shows these words. */
  seeGone(words: Words, withinMs?: number): Promise<void>;
  messages(): readonly MessageShown[];
  /** Everything that is on the screen. */
  screen(): string;
  /** What the Home tab reads, empty when there is none. */
  home(): string;
  /** What the top modal reads. */
  modal(): string | null;
  /** What went wrong, as Slack tells it. */
  notices(): readonly string[];
  view(): PersonView;
}

export interface FakeSlack extends SlackWorkspace {
  readonly guest: SlackPerson;
  readonly approver: SlackPerson;
  readonly admin: SlackPerson;
  readonly outsider: SlackPerson;
  /** Somebody new, or by their id somebody who is there. */
  person(who: string | NewUser): SlackPerson;
}

/** What a message or a view reads. */
export function shownText(shown: Shown): string {
  const body =
    shown.blocks.length > 0 || 'title' in shown ? blockText(shown.blocks, shown.inputs) : readMrkdwn(shown.text);
  if (!('title' in shown)) return [body, shown.trouble].filter(Boolean).join('\n');
  const buttons = [shown.submit, shown.close].flatMap((title) => (title ? [`[${title}]`] : []));
  const lines = [shown.title, body, ...Object.values(shown.errors), shown.trouble, buttons.join(' ')];
  return lines.filter(Boolean).join('\n');
}

const fits = (text: string, words: Words) => (typeof words === 'string' ? text.includes(words) : words.test(text));
const isTitle = (text: string, words: Words) => (typeof words === 'string' ? text === words : words.test(text));
const textOf = (object: unknown): string => String((object as { text?: unknown } | undefined)?.text ?? '');

interface Option {
  readonly text: unknown;
  readonly value: string;
}
const optionsOf = (element: Placed['element']): Option[] => [
  ...((element.options as Option[] | undefined) ?? []),
  ...((element.option_groups as { options: Option[] }[] | undefined) ?? []).flatMap(({ options }) => options),
];

/** What stands beside an element: the label of its input, else its block's text, else its placeholder. */
const labelsOf = ({ block, element }: Placed): string[] =>
  [textOf(block.label), textOf(block.text), textOf(element.placeholder)].filter((label) => label !== '');

/** The local Slack for tests: without limits on rates and with prompt retries unless told otherwise. */
export async function startFakeSlack(options: Partial<WorkspaceOptions> = {}): Promise<FakeSlack> {
  const workspace = await startSlackWorkspace({
    signingSecret: fakeSigningSecret,
    botToken: fakeBotToken,
    appToken: fakeAppToken,
    ...fakeSlackClient,
    team: fakeSlackTeam,
    shortcuts: [{ callbackId: 'request-access', name: 'Request access' }],
    channels: [
      { id: generalChannel, name: 'general' },
      { id: sharedChannel, name: 'partner-project', shared: true },
    ],
    rates: false,
    retryDelaysMs: [0, 50, 100],
    ...options,
    users: [...fakeSlackUsers, ...(options.users ?? [])],
  });

  function personOf(id: string): SlackPerson {
    const view = () => workspace.view(id);
    const name = view().me.realName;
    const dm = id.replace(/^[UW]/, 'D');

    const messages = () =>
      view()
        .conversations.flatMap((conversation) => conversation.messages)
        .sort((one, other) => (one.ts < other.ts ? -1 : 1));
    /** Where they look first comes first. */
    const places = (): Shown[] => {
      const { modals, home } = view();
      return [...modals.toReversed(), ...messages().toReversed(), ...(home ? [home] : [])];
    };
    const screen = (): string => {
      const { conversations, home, modals, notices } = view();
      const part = (title: string, text: string) => (text ? `=== ${title}\n${text}` : '');
      const said = ({ messages: all }: (typeof conversations)[number]) =>
        all.map((message) => `${message.from}: ${shownText(message)}`).join('\n---\n');
      return [
        ...conversations.map((conversation) => part(conversation.name, said(conversation))),
        part('Home', home ? shownText(home) : ''),
        ...modals.map((modal) => part('Modal', shownText(modal))),
        part('Notices', notices.map(({ text }) => text).join('\n')),
      ]
        .filter((text) => text !== '')
        .join('\n\n');
    };
    const lost = (what: string) => new Error(`${name} ${what}. On the screen:\n${screen()}`);
    const find = (words: Words) => places().find((shown) => fits(shownText(shown), words));
    const candidates = (where: Where) =>
      places().filter((shown) => where.in === undefined || fits(shownText(shown), where.in));

    const press: SlackPerson['press'] = (title, where = {}) => {
      for (const shown of candidates(where)) {
        const found = elementsIn(shown.blocks).flatMap(({ block, element }) => {
          const at = { place: shown.place, blockId: block.block_id, actionId: element.action_id };
          if (element.type === 'overflow')
            return optionsOf(element)
              .filter(({ text }) => isTitle(textOf(text), title))
              .map(({ value }) => ({ ...at, value }));
          return element.type.endsWith('button') && isTitle(textOf(element.text), title) ? [at] : [];
        });
        const pressed = found[where.nth ?? 0];
        if (pressed) return workspace.act(id, { kind: 'press', ...pressed });
      }
      throw lost(`sees no button “${title}”${where.in === undefined ? '' : ` beside “${where.in}”`}`);
    };

    const fill = (label: Words, where: Where, valueFor: (element: Placed['element']) => InputValue) => {
      for (const shown of candidates(where)) {
        const holding = elementsIn(shown.blocks).filter(
          ({ block, element }) => `${block.block_id}/${element.action_id}` in shown.inputs,
        );
        const exact = holding.filter((placed) => labelsOf(placed).some((text) => isTitle(text, label)));
        const loose = holding.filter((placed) => labelsOf(placed).some((text) => fits(text, label)));
        const placed = [...exact, ...loose][where.nth ?? 0];
        if (!placed) continue;
        const { block, element } = placed;
        const value = valueFor(element);
        const at = { place: shown.place, blockId: block.block_id, actionId: element.action_id };
        return workspace.act(id, { kind: 'input', ...at, value });
      }
      throw lost(`sees no input “${label}”`);
    };

    const valueFrom = (element: Placed['element'], text: string): string => {
      if (element.type.includes('users_select')) {
        const user = view().users.find((candidate) => candidate.realName === text || candidate.id === text);
        if (!user) throw lost(`finds nobody called “${text}”`);
        return user.id;
      }
      if (!element.options && !element.option_groups) return text;
      const option = optionsOf(element).find((candidate) => textOf(candidate.text) === text);
      if (!option)
        throw lost(
          `finds no option “${text}” among ${optionsOf(element)
            .map((one) => textOf(one.text))
            .join(', ')}`,
        );
      return option.value;
    };

    const chooseIn: SlackPerson['chooseIn'] = (where, label, ...chosen) =>
      fill(label, where, (element) => {
        const values = chosen.map((text) => valueFrom(element, text));
        if (element.type.startsWith('multi_') || element.type === 'checkboxes') return values;
        const [value = null] = values;
        return element.type === 'datetimepicker' && value !== null ? Number(value) : value;
      });

    const until = <T>(look: () => T | undefined | false, withinMs: number, what: string): Promise<T> =>
      new Promise((resolve, reject) => {
        const check = () => {
          const found = look();
          if (!found) return;
          clearTimeout(timer);
          unsubscribe();
          resolve(found);
        };
        const timer = setTimeout(() => {
          unsubscribe();
          reject(lost(what));
        }, withinMs);
        const unsubscribe = workspace.onChange((whose) => {
          if (whose === null || whose === id) check();
        });
        check();
      });

    return {
      id,
      dm,
      command: (text, { channel = dm } = {}) => workspace.act(id, { kind: 'command', channel, text }),
      say: (text) => workspace.act(id, { kind: 'message', channel: dm, text }),
      mention: (text, channel = sharedChannel) =>
        workspace.act(id, { kind: 'message', channel, text: `<@${view().bot.userId}> ${text}` }),
      press,
      type: (label, value, where = {}) => fill(label, where, () => value),
      choose: (label, ...chosen) => chooseIn({}, label, ...chosen),
      chooseIn,
      submit: () => workspace.act(id, { kind: 'submit' }),
      close: () => workspace.act(id, { kind: 'close' }),
      openHome: () => workspace.act(id, { kind: 'home' }),
      shortcut: (callbackId) => workspace.act(id, { kind: 'shortcut', callbackId }),
      find,
      see: (words, withinMs = 30_000) => until(() => find(words), withinMs, `does not see ${words}`),
      seeGone: async (words, withinMs = 30_000) => {
        await until(() => find(words) === undefined, withinMs, `still sees ${words}`);
      },
      messages,
      screen,
      home: () => {
        const { home } = view();
        return home ? shownText(home) : '';
      },
      modal: () => {
        const top = view().modals.at(-1);
        return top ? shownText(top) : null;
      },
      notices: () => view().notices.map(({ text }) => text),
      view,
    };
  }

  return {
    ...workspace,
    guest: personOf('U_GUEST'),
    approver: personOf('U_APPROVER'),
    admin: personOf('U_ADMIN'),
    outsider: personOf('U_OUTSIDER'),
    person: (who) => {
      if (typeof who !== 'string') workspace.addUser(who);
      return personOf(typeof who === 'string' ? who : who.id);
    },
  };
}
