import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import { JSDOM } from 'jsdom';
import { describe, expect, it } from 'vitest';
import { samples } from '../../cards/samples.ts';
import { messageProblems, viewProblems } from '../../dev/slack-workspace/payload-schema.ts';
import { languages } from '../../src/domain/language.ts';
import { textLimits } from '../../src/domain/text-limits.ts';
import { cardBytes, slackLimits, teamsLimits } from '../../src/notifications/card-limits.ts';
import { type CardName, type CardOf, inputName } from '../../src/notifications/cards.ts';
import { expandCard } from '../../src/notifications/expand.ts';
import { cardToHtml, cardToText } from '../../src/notifications/html.ts';
import {
  cardToHome,
  cardToMessage,
  cardToModal,
  dataIn,
  formIn,
  formToModal,
  inputsIn,
  isForm,
  submissionOf,
} from '../../src/surfaces/slack/blocks.ts';
import type { Card } from '../../src/surfaces/surface.ts';
import { adaptiveCardSchema } from '../support/adaptive-card-schema.ts';

// The package fails by name under Node; its bundle does not.
const { AdaptiveCard, SerializationContext } = createRequire(import.meta.url)(
  'adaptivecards/dist/adaptivecards.js',
) as {
  AdaptiveCard: new () => {
    parse(json: unknown, context: unknown): void;
    validateProperties(): { validationEvents: readonly { message: string }[] };
  };
  SerializationContext: new () => { readonly eventCount: number; getEventAt(index: number): { message: string } };
};

type Node = Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every object in the card, parents first. `into` says which properties to follow. */
function nodesOf(value: unknown, into: (key: string) => boolean = () => true): Node[] {
  if (Array.isArray(value)) return value.flatMap((item) => nodesOf(item, into));
  if (!isNode(value)) return [];
  return [
    value,
    ...Object.entries(value)
      .filter(([key]) => into(key))
      .flatMap(([, inner]) => nodesOf(inner, into)),
  ];
}
const typed = (nodes: readonly Node[], ...types: string[]) => nodes.filter((node) => types.includes(String(node.type)));
const withoutJoiners = (text: unknown) => String(text).replaceAll('{\u2060{', '{{');

/** What a reader finds on the card, in forms and buttons too. */
const shownTexts = (card: Card): string[] =>
  nodesOf(card).flatMap((node) =>
    [node.text, node.value, node.title, node.url, node.label, node.placeholder]
      .filter((text) => typeof text === 'string')
      .map(withoutJoiners),
  );

/** Ids, states that the template has words for, and values behind choices: never shown as they are. */
const neverShown = new Set(
  'assignmentId,requestId,invitationId,roleId,scopeId,view,asks,extend,renew,what,status,state,kind,endReason,fault,purpose,verb,value,chosenDuration,previousPage,nextPage,turn,askedAs,asked,audience,basis,section,proposalId,id,source,groupId,delegationId,standing,below,chosenPlace,cancelReason'.split(
    ',',
  ),
);

/** What is left out on purpose: known to the reader already, or shown in another state only. */
function leftOut(card: CardName, item: Node): readonly string[] {
  const request = 'requester' in item;
  const mine = card === 'request' || card === 'status';
  if (request && item.latest === false)
    return Object.keys(item).filter((key) => key !== 'role' && (mine || key !== 'requester'));
  const listed = card !== 'request' && card !== 'approval' ? ['comesWith'] : [];
  if (request && mine) return ['requester', 'company', 'sponsor', 'shorter', 'insteadOf', ...listed];
  if (request) return listed;
  if ('durations' in item && 'state' in item && item.state !== 'available')
    return ['durations', 'justification', 'ticket', 'places', 'from'];
  // The overview is short of what `roles` tells in full.
  if (card === 'home' && 'scopePath' in item) return ['scopePath', 'comesWith', 'opens'];
  if (card === 'history' && 'entries' in item) return ['email'];
  return card === 'members' && 'members' in item ? ['guests'] : [];
}

function expectedTexts(card: CardName, value: unknown): string[] {
  if (typeof value === 'string') return value ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item) => expectedTexts(card, item));
  if (!isNode(value)) return [];
  const skipped = leftOut(card, value);
  return Object.entries(value)
    .filter(([key]) => !neverShown.has(key) && !skipped.includes(key))
    .flatMap(([, inner]) => expectedTexts(card, inner));
}

type Actions = { readonly executes: readonly string[]; readonly urls: readonly string[] };
const sorted = (values: readonly unknown[]): string[] => values.map((value) => JSON.stringify(value)).sort();

/** What can be done on the card, in its forms too; what refreshes it by itself isn't pressed by anybody. */
function actionsOf(card: Card): Actions {
  const nodes = nodesOf(card, (key) => !['refresh', 'fallback', 'data'].includes(key));
  return {
    executes: sorted(typed(nodes, 'Action.Execute').map(({ data }) => data)),
    urls: sorted(typed(nodes, 'Action.OpenUrl').map(({ url }) => url)),
  };
}

/** What Slack shows: a message, modal or Home tab. */
type Drawn = { readonly blocks: readonly unknown[]; readonly private_metadata?: string; readonly submit?: unknown };

const buttonsOf = (drawn: Drawn) => typed(nodesOf(drawn.blocks), 'button');
const formsOf = (drawn: Drawn) => buttonsOf(drawn).flatMap(({ value }) => formIn(String(value)) ?? []);

/** The same in Slack, with the modals that its buttons open. */
const withForms = (drawn: Drawn): readonly Drawn[] => [
  drawn,
  ...formsOf(drawn).map((form) => formToModal(form, 'here')),
];

function slackActions(shown: readonly Drawn[]): Actions {
  const buttons = shown.flatMap(buttonsOf);
  const submitted = shown.flatMap(({ submit, private_metadata }) =>
    submit ? [submissionOf(String(private_metadata))?.data] : [],
  );
  const pressed = buttons.flatMap(({ action_id, value }) =>
    String(action_id).startsWith('do:') ? [dataIn(String(value))] : [],
  );
  return {
    executes: sorted([...submitted, ...pressed]),
    urls: sorted(buttons.flatMap(({ url }) => (url === undefined ? [] : [url]))),
  };
}

/** Words without what lies between them: lines are joined and long titles go on below, in Slack. */
const squeezed = (text: unknown) => withoutJoiners(text).replace(/[\s…]+/g, '');
const slackWords = (shown: readonly Drawn[]) =>
  squeezed(
    nodesOf(shown)
      .flatMap(({ text, hint }) => [text, hint].filter((part) => typeof part === 'string'))
      .join(''),
  );

/** What the card shows in words of its own, with everything that can be chosen or pressed. */
const cardWords = (card: Card): string[] => {
  const nodes = nodesOf(card, (key) => !['refresh', 'fallback', 'data'].includes(key));
  // Slack itself says that an input is optional.
  const named = (label: unknown) => label && String(label).replace(/ \(optional\)$/, '');
  return nodes.flatMap(({ text, label, title }) => [text, named(label), title].filter(Boolean)).map(squeezed);
};

/** Slack's report of a form in which everything is filled in. */
function filledIn(drawn: Drawn): Record<string, Record<string, Node>> {
  const states: Readonly<Record<string, (element: Node) => Node>> = {
    plain_text_input: () => ({ value: 'typed' }),
    static_select: ({ options }) => ({ selected_option: (options as Node[])[0] }),
    radio_buttons: ({ options }) => ({ selected_option: (options as Node[])[0] }),
    multi_static_select: ({ options }) => ({ selected_options: options }),
    checkboxes: ({ options }) => ({ selected_options: options }),
  };
  return Object.fromEntries(
    typed(nodesOf(drawn.blocks), 'input').map(({ block_id, element }) => {
      const { type, action_id } = element as Node;
      return [block_id, { [String(action_id)]: { type, ...states[String(type)]?.(element as Node) } }];
    }),
  );
}

const maxLengths: Readonly<Record<string, number>> = {
  justification: textLimits.justification,
  ticket: textLimits.ticket,
  message: textLimits.message,
  name: textLimits.displayName,
};

/** Ids, the state that a form was filled from and which form it is; and of a list what was asked for, so that its other pages are of the same list. */
const allowedData =
  'verb,assignmentId,requestId,invitationId,page,email,card,view,role,scope,filter,kind,guests,language,roleId,scopeId,audience,basis,section,proposalId,from,to,result,action,groupId,delegationId,hours,wanted'.split(
    ',',
  );
const templateOf = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../cards/${name}.json`, import.meta.url), 'utf8'));
const names = readdirSync(new URL('../../cards/', import.meta.url))
  .filter((file) => file.endsWith('.json') && file !== 'de.json')
  .map((file) => file.slice(0, -'.json'.length));

const validate = new Ajv({ strict: false, allErrors: false }).compile(adaptiveCardSchema);

const isPage = (of: CardOf): boolean => of.card === 'home' && of.data.view === 'home-page';

describe('the samples', () => {
  it('show every card in the shortest, longest, heaviest and in hostile text', () => {
    const kinds = ['shortest', 'longest', 'heaviest', 'hostile'];
    const shown = (name: string) => samples.filter(({ of }) => of.card === name).map((sample) => sample.name);
    for (const name of names) expect(shown(name), name).toEqual(expect.arrayContaining(kinds));
    expect(new Set(samples.map(({ of }) => of.card))).toEqual(new Set(names));
  });
});

describe.each(names)('the template %s', (name) => {
  it('has fixed words only where Markdown is rendered', () => {
    const blocks = typed(nodesOf(templateOf(name)), 'TextBlock', 'FactSet');
    for (const block of blocks) expect(block.text).not.toContain('${');
  });
});

/** One for all: a window for each mail takes most of the time. */
const { DOMParser } = new JSDOM().window;

/** What people type to do harm is the same in every language. */
const inEachLanguage = samples.flatMap(({ name, of }) =>
  languages
    .filter((language) => language === 'en' || !name.includes('hostile'))
    .map((language) => [`${of.card} (${name}, ${language})`, of, language] as const),
);

describe.each(inEachLanguage)('the card %s', (_, of: CardOf, language) => {
  const card = expandCard(of, language);
  const nodes = nodesOf(card);
  const inputs = typed(nodes, 'Input.Text', 'Input.ChoiceSet');

  it('is an Adaptive Card 1.5 of the elements that every surface knows', () => {
    validate(card);
    expect(validate.errors ?? []).toEqual([]);
  });

  it('is read by adaptivecards without a complaint', () => {
    const context = new SerializationContext();
    const parsed = new AdaptiveCard();
    parsed.parse(card, context);
    const events = Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index).message);
    const failures = parsed.validateProperties().validationEvents.map(({ message }) => message);
    // Its pattern for languages goes on from where it stopped at the card before: every other one is wrong to it.
    const complaints = events.filter((event) => event !== 'Invalid value "de" for property "lang".');
    expect([...complaints, ...failures]).toEqual([]);
  });

  // Only Slack has standing pages.
  if (!isPage(of))
    it('stays within the limits of Teams', () => {
      expect(cardBytes(card)).toBeLessThan(teamsLimits.cardBytes);
      for (const { actions } of nodes)
        if (Array.isArray(actions)) expect(actions.length).toBeLessThanOrEqual(teamsLimits.actions);
    });

  it('has forms that name themselves and their submit whole in a modal of Slack', () => {
    for (const dialog of typed(nodes, 'Action.ShowCard')) {
      expect(String(dialog.title).length).toBeLessThanOrEqual(slackLimits.modalTitle);
      for (const { title } of typed(nodesOf(dialog.card), 'Action.Execute'))
        expect(String(title).length).toBeLessThanOrEqual(slackLimits.modalSubmit);
    }
  });

  it('names no input twice, says what is wrong with each, and takes as much as the domain does', () => {
    const ids = inputs.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, isRequired, errorMessage, maxLength } of inputs) {
      if (isRequired) expect(errorMessage).toBeTruthy();
      const most = maxLengths[inputName(String(id))];
      if (most) expect(maxLength).toBe(most);
    }
  });

  it('repeats the verb in the data, with ids only, and falls back to Submit', () => {
    for (const { verb, data, title, fallback } of typed(
      nodesOf(card, (key) => key !== 'refresh'),
      'Action.Execute',
    )) {
      expect(data).toMatchObject({ verb });
      expect(allowedData).toEqual(expect.arrayContaining(Object.keys(data as object)));
      expect(fallback).toMatchObject({ type: 'Action.Submit', title, data });
    }
  });

  it('shows every word of its data as it is', () => {
    const shown = new Set(shownTexts(card));
    const lost = expectedTexts(of.card, of.data).filter((text) => !shown.has(text));
    expect(lost).toEqual([]);
  });

  it('has no words of people where Markdown or macros are rendered', () => {
    expect(card.fallbackText).toMatch(/^[\p{L}\p{N} :,’–-]+$/u);
    for (const { text } of typed(nodes, 'TextRun')) expect(text).not.toMatch(/\{\{(DATE|TIME)/);
    for (const { label, placeholder, errorMessage } of inputs)
      expect(`${label}${placeholder}${errorMessage}`).not.toMatch(/[*<>{}[\]]/);
  });

  describe('in Slack', () => {
    // Forms open as modals where they can.
    const drawn = isPage(of) ? cardToHome(card) : cardToMessage(card);
    const shown = withForms(drawn);
    const modal = isForm(card) ? withForms(cardToModal(card, 'here')) : null;

    it('is what Slack takes', () => {
      const asMessage = 'text' in drawn ? messageProblems(drawn) : viewProblems(drawn);
      // Forty choices of a hundred characters twice: too much for a message, and a modal has room for it.
      const crowded = ['invite-form', 'assign-form', 'settings-pick'].includes(of.card)
        ? asMessage.filter((one) => one.includes('msg_blocks'))
        : [];
      expect(asMessage.filter((one) => !crowded.includes(one))).toEqual([]);
      for (const view of [...shown.slice(1), ...(modal ?? [])]) expect(viewProblems(view)).toEqual([]);
    });

    it('has every word, literally', () => {
      for (const each of [shown, ...(modal ? [modal] : [])]) {
        const read = slackWords(each);
        expect(cardWords(card).filter((text) => !read.includes(text))).toEqual([]);
        const kinds = typed(nodesOf(each), 'mrkdwn', 'markdown', 'link', 'user', 'usergroup', 'broadcast', 'channel');
        expect(kinds).toEqual([]);
      }
    });

    it('is read out from the top, with nothing that Slack would make a mention of', () => {
      if (!('text' in drawn)) return;
      expect(drawn.text.startsWith(`${card.fallbackText}\n`)).toBe(true);
      expect(drawn.text).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
    });

    it('loses no action', () => {
      expect(slackActions(shown)).toEqual(actionsOf(card));
      if (modal) expect(slackActions(modal)).toEqual(actionsOf(card));
    });

    it('gives back what is filled in, by the ids of the inputs', () => {
      const asked = inputs.map(({ id }) => id);
      for (const each of [shown, ...(modal ? [modal] : [])]) {
        const filled = each.map((one) => inputsIn(filledIn(one)));
        expect(filled.flatMap((one) => Object.keys(one)).sort()).toEqual([...asked].sort());
      }
    });
  });

  it('says the same in a mail, with everything escaped', () => {
    // Our own styles, which nobody's words are in, would take most of the time to read.
    const unstyled = cardToHtml(card).replaceAll(/ style="[^"]*"/g, '');
    const document = new DOMParser().parseFromString(unstyled, 'text/html');
    for (const line of document.querySelectorAll('br')) line.replaceWith('\n');
    const outside = nodesOf(card, (key) => key !== 'actions' && key !== 'refresh');
    const lines = (text: unknown) => withoutJoiners(text).replace(/\r\n|\r/g, '\n');
    const read = document.body.textContent ?? '';
    const [html, plain] = [read.replace(/\s+/g, ' '), cardToText(card).replace(/\s+/g, ' ')];
    for (const { text } of typed(outside, 'TextRun', 'TextBlock')) {
      const words = lines(text).replace(/\s+/g, ' ').trimEnd();
      expect(html).toContain(words);
      expect(plain).toContain(words);
    }
    const tags = new Set([...document.querySelectorAll('*')].map(({ tagName }) => tagName.toLowerCase()));
    const known = ['html', 'head', 'meta', 'title', 'body', 'div', 'p', 'h1', 'h2', 'bdi', 'a'];
    expect([...tags].filter((tag) => !known.includes(tag))).toEqual([]);
    const attributes = new Set([...document.body.querySelectorAll('*')].flatMap((node) => node.getAttributeNames()));
    expect([...attributes].filter((attribute) => attribute !== 'href')).toEqual([]);
    const links = [...document.querySelectorAll('a')].map((link) => link.getAttribute('href'));
    expect(links).toEqual(typed(nodes, 'Action.OpenUrl').map(({ url }) => url));
  });
});
