import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Button } from '@slack/types';
import { slackLimits } from '../../notifications/card-limits.ts';
import type { Json } from '../surface.ts';
import { plain, within } from './inputs.ts';
import { plainText, portable, shortened } from './texts.ts';

/** Actions of Adaptive Cards as buttons, and what a pressed button means. */

export type Action = Readonly<Record<string, unknown>>;

/** What an `Action.ShowCard` shows: a form of its own, which Slack opens as a modal. */
export interface Form {
  readonly title: string;
  /** What it is about, where the title alone doesn't say. */
  readonly context: string | null;
  readonly card: { readonly lang?: string; readonly body: readonly Json[]; readonly actions: readonly Json[] };
}

const words = (value: unknown): string => (typeof value === 'string' ? plainText(value) : '');

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function parsed(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

export const titleOf = (action: Action): string => words(action.title);

/** An action's own data, always with its verb. @throws Error without one. */
export function dataOf(action: Action): Readonly<Record<string, unknown>> {
  const data = { verb: action.verb, ...(isRecord(action.data) ? action.data : {}) };
  if (typeof data.verb !== 'string') throw new Error(`the action “${titleOf(action)}” has no verb`);
  return data;
}

/** The data of a pressed `Action.Execute` button; `null` if it is none. */
export const dataIn = (value: string): Readonly<Record<string, unknown>> | null => parsed(value);

/** What Slack needs no copy of: other platforms' words and what is the same everywhere. */
const needless = new Set(['$schema', 'version', 'fallback', 'errorMessage', 'wrap', 'spacing']);

function pruned(value: unknown): Json {
  if (typeof value === 'string') return portable(value);
  if (Array.isArray(value)) return value.map(pruned);
  if (!isRecord(value)) return value as Json;
  const kept = Object.entries(value).filter(([key]) => !('type' in value) || !needless.has(key));
  return Object.fromEntries(kept.map(([key, inner]) => [key, key === 'data' ? (inner as Json) : pruned(inner)]));
}

const formMark = 'form:';

/** More than any form that fits into a button. */
const unpackedBytes = 100_000;

/** Packed, because a button's value takes 2,000 characters, and a form with its choices and texts has more. */
function packed(form: Form): string {
  const value = formMark + deflateRawSync(JSON.stringify(form)).toString('base64url');
  return within(value, slackLimits.buttonValue, `the form “${form.title}”`);
}

/** The form that a pressed `Action.ShowCard` button opens; `null` if it is no such button. */
export function formIn(value: string): Form | null {
  if (!value.startsWith(formMark)) return null;
  try {
    const bytes = Buffer.from(value.slice(formMark.length), 'base64url');
    return parsed(inflateRawSync(bytes, { maxOutputLength: unpackedBytes }).toString()) as Form | null;
  } catch {
    return null;
  }
}

const listed = (value: unknown): Json[] => (Array.isArray(value) ? value.map(pruned) : []);

const formOf = (action: Action): Form => {
  const card = isRecord(action.card) ? action.card : {};
  const context = words(action.tooltip);
  return {
    title: titleOf(action),
    context: context || null,
    card: {
      ...(typeof card.lang === 'string' ? { lang: card.lang } : {}),
      body: listed(card.body),
      actions: listed(card.actions),
    },
  };
};

function webAddress(url: unknown): string {
  const address = typeof url === 'string' ? url : '';
  if (!URL.canParse(address) || !['https:', 'http:'].includes(new URL(address).protocol))
    throw new Error('a card links to something else than a page');
  return within(address, slackLimits.url, 'an address');
}

function styleOf(action: Action): Pick<Button, 'style'> {
  if (action.style === 'positive') return { style: 'primary' };
  return action.style === 'destructive' ? { style: 'danger' } : {};
}

/** What a button does: the beginning of its `action_id`, and its content. */
function effectOf(action: Action): readonly [string, Pick<Button, 'value' | 'url'>] {
  switch (action.type) {
    case 'Action.Execute': {
      const value = JSON.stringify(dataOf(action));
      return ['do', { value: within(value, slackLimits.buttonValue, `the data of “${titleOf(action)}”`) }];
    }
    case 'Action.ShowCard':
      return ['form', { value: packed(formOf(action)) }];
    case 'Action.OpenUrl':
      return ['open', { url: webAddress(action.url) }];
    default:
      throw new Error(`Slack has no ${action.type}`);
  }
}

/**
 * The button of an action; `number` makes its `action_id` unique in its message: `do:N`, `form:N` or `open:N`.
 * @throws Error for an unknown action, and where its data is longer than Slack takes.
 */
export function button(action: Action, number: number): Button {
  const [kind, content] = effectOf(action);
  const tooltip = words(action.tooltip);
  return {
    type: 'button',
    action_id: `${kind}:${number}`,
    text: plain(shortened(titleOf(action), slackLimits.buttonText)),
    ...content,
    ...styleOf(action),
    ...(tooltip ? { accessibility_label: shortened(tooltip, slackLimits.buttonText) } : {}),
  };
}
