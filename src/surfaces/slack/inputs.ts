import type { InputBlock, InputBlockElement, KnownBlock, PlainTextElement, PlainTextOption } from '@slack/types';
import { slackLimits } from '../../notifications/card-limits.ts';
import { inputName } from '../../notifications/cards.ts';
import { plainText, shortened } from './texts.ts';

/**
 * Inputs of Adaptive Cards as input blocks, and what people filled in. The block and its element bear the input's id:
 * while ids stay the same, Slack keeps what people typed when a view is drawn again
 * (docs.slack.dev/surfaces/modals).
 */

type Node = Readonly<Record<string, unknown>>;

interface Choice {
  readonly title: string;
  readonly value: string;
}

export interface DrawnInput {
  /** Lines that belong above it: what the input has no room for. */
  readonly notes: readonly string[];
  /** `null` where there is nothing to fill in. */
  readonly block: InputBlock | null;
}

const words = (value: unknown): string => (typeof value === 'string' ? plainText(value) : '');

export const plain = (text: string): PlainTextElement => ({ type: 'plain_text', text, emoji: false });

/** The text, unless it is longer than Slack takes where it can't be shortened. @throws Error naming it. */
export function within(text: string, most: number, what: string): string {
  if (text.length > most) throw new Error(`${what} has ${text.length} characters, and Slack takes ${most}`);
  return text;
}

function refuse(node: Node, ...properties: string[]): void {
  const found = properties.find((property) => node[property] !== undefined);
  if (found) throw new Error(`Slack has no ${found} of ${node.type}`);
}

const choicesOf = (node: Node): Choice[] =>
  (Array.isArray(node.choices) ? (node.choices as Node[]) : []).map(({ title, value }) => ({
    title: words(title),
    value: String(value),
  }));

/** A title in two: what the choice itself has room for, up to a space if there is one, and the rest of it. */
function split(title: string): readonly [string, string] {
  if (title.length <= slackLimits.optionText) return [title, ''];
  const head = shortened(title, slackLimits.optionText).slice(0, -1);
  const space = head.lastIndexOf(' ');
  const end = space > head.length / 2 ? space : head.length;
  return [`${title.slice(0, end)}…`, `…${title.slice(end).trimStart()}`];
}

/** A long title goes on in the line below it, so that choices with the same beginning can be told apart. */
function option({ title, value }: Choice): PlainTextOption {
  const [text, rest] = split(title);
  return {
    text: plain(text),
    value: within(value, slackLimits.optionValue, `the choice “${title}”`),
    ...(rest ? { description: plain(shortened(rest, slackLimits.optionText)) } : {}),
  };
}

const placeholderOf = (node: Node) => {
  const placeholder = words(node.placeholder);
  return placeholder ? { placeholder: plain(shortened(placeholder, slackLimits.placeholder)) } : {};
};

const given = (value: unknown): string | null =>
  value === undefined || value === null || value === '' ? null : String(value);

/** An initial value is never longer than the limit: what was typed on another platform can still be sent. */
function textInput(node: Node, id: string): InputBlockElement {
  refuse(node, 'inlineAction');
  if (node.style === 'password') throw new Error('Slack can’t hide what is typed');
  const value = typeof node.value === 'string' ? node.value : '';
  const most = typeof node.maxLength === 'number' ? Math.max(node.maxLength, value.length) : null;
  return {
    // Not `email_text_input`: an address with a slip has to reach us, to be answered in our own words.
    type: 'plain_text_input',
    action_id: id,
    multiline: node.isMultiline === true,
    ...(most === null ? {} : { max_length: Math.min(most, slackLimits.inputText) }),
    ...(value ? { initial_value: within(value, slackLimits.inputText, `the value of ${id}`) } : {}),
    ...placeholderOf(node),
  };
}

function numberInput(node: Node, id: string): InputBlockElement {
  const [value, least, most] = [given(node.value), given(node.min), given(node.max)];
  return {
    type: 'number_input',
    action_id: id,
    is_decimal_allowed: true,
    ...(value === null ? {} : { initial_value: value }),
    ...(least === null ? {} : { min_value: least }),
    ...(most === null ? {} : { max_value: most }),
    ...placeholderOf(node),
  };
}

function dateInput(node: Node, id: string): InputBlockElement {
  const value = given(node.value);
  return {
    type: 'datepicker',
    action_id: id,
    ...(value === null ? {} : { initial_date: value }),
    ...placeholderOf(node),
  };
}

function timeInput(node: Node, id: string): InputBlockElement {
  const value = given(node.value);
  return {
    type: 'timepicker',
    action_id: id,
    ...(value === null ? {} : { initial_time: value }),
    ...placeholderOf(node),
  };
}

/** A box that is not ticked leaves nothing behind but its name: that says what it means. */
const toggleId = (valueOff: string): string => `off:${valueOff}`;

function toggle(node: Node, title: string): InputBlockElement {
  const on = given(node.valueOn) ?? 'true';
  const off = typeof node.valueOff === 'string' ? node.valueOff : 'false';
  const ticked = option({ title, value: on });
  return {
    type: 'checkboxes',
    action_id: within(toggleId(off), slackLimits.idLength, 'a value of a toggle'),
    options: [ticked],
    ...(node.value === on ? { initial_options: [ticked] } : {}),
  };
}

function choiceSet(node: Node, id: string, choices: readonly Choice[]): InputBlockElement {
  if (choices.length > slackLimits.options)
    throw new Error(`${id} has ${choices.length} choices, and Slack shows ${slackLimits.options}`);
  const options = choices.map(option);
  const several = node.isMultiSelect === true;
  const values = several ? (given(node.value) ?? '').split(',') : [given(node.value) ?? ''];
  const initial = options.filter(({ value }) => values.includes(value as string));
  const few = options.length <= slackLimits.boxes;
  const [first] = initial;
  if (several) {
    const chosen = initial.length > 0 ? { initial_options: initial } : {};
    return few
      ? { type: 'checkboxes', action_id: id, options, ...chosen }
      : { type: 'multi_static_select', action_id: id, options, ...chosen, ...placeholderOf(node) };
  }
  const chosen = first ? { initial_option: first } : {};
  return node.style === 'expanded' && few
    ? { type: 'radio_buttons', action_id: id, options, ...chosen }
    : { type: 'static_select', action_id: id, options, ...chosen, ...placeholderOf(node) };
}

function elementOf(node: Node, id: string, choices: readonly Choice[]): InputBlockElement {
  switch (node.type) {
    case 'Input.Text':
      return textInput(node, id);
    case 'Input.Number':
      return numberInput(node, id);
    case 'Input.Date':
      return dateInput(node, id);
    case 'Input.Time':
      return timeInput(node, id);
    case 'Input.Toggle':
      return toggle(node, choices[0]?.title ?? '');
    case 'Input.ChoiceSet':
      return choiceSet(node, id, choices);
    default:
      throw new Error(`Slack has no ${node.type}`);
  }
}

export const isInput = (node: Node): boolean => typeof node.type === 'string' && node.type.startsWith('Input.');

/** Slack itself writes “(optional)” behind it. */
const slackLabel = (label: string, optional: boolean): string =>
  optional ? label.replace(/ \(optional\)$/, '') : label;

/**
 * An input as a block of its own. What has no room in it is told above: a choice's title that fills more than two lines, a long placeholder, and
 * that there is nothing to choose from (a select without options makes Slack refuse the whole view).
 * @throws Error for an unknown input, and where a value or a label is longer than Slack takes.
 */
export function drawInput(node: Node): DrawnInput {
  const id = within(String(node.id ?? ''), slackLimits.idLength, 'the id of an input');
  const optional = node.isRequired !== true;
  const label = slackLabel(words(node.label) || words(node.title), optional);
  if (!id || !label) throw new Error(`an input needs an id and a label: ${node.type} ${id}`);
  const choices = node.type === 'Input.Toggle' ? [{ title: words(node.title) || label, value: '' }] : choicesOf(node);
  if (node.type === 'Input.ChoiceSet' && choices.length === 0)
    return { notes: [`${label} – there is nothing to choose from.`], block: null };
  const long = choices.map(({ title }) => title).filter((title) => split(title)[1].length > slackLimits.optionText);
  const placeholder = words(node.placeholder);
  const block: InputBlock = {
    type: 'input',
    block_id: id,
    label: plain(within(label, slackLimits.inputLabel, `the label of ${id}`)),
    optional,
    element: elementOf(node, id, choices),
  };
  return { notes: placeholder.length > slackLimits.placeholder ? [...long, placeholder] : long, block };
}

const isRecord = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const chosenValue = (chosen: unknown): string | null =>
  isRecord(chosen) && typeof chosen.value === 'string' ? chosen.value : null;

/** What one element of a payload's state holds, as Teams would send it; `null` for nothing. */
function filledIn(blockId: string, actionId: string, state: Node): string | null {
  if (Array.isArray(state.selected_options)) {
    const values = state.selected_options.map(chosenValue).filter((value) => value !== null);
    if (values.length > 0) return values.join(',');
    return actionId !== blockId && actionId.startsWith('off:') ? actionId.slice('off:'.length) : null;
  }
  const value = chosenValue(state) ?? chosenValue(state.selected_option) ?? state.selected_date ?? state.selected_time;
  return typeof value === 'string' && value !== '' ? value : null;
}

/**
 * `state.values` of a payload as Adaptive Card inputs: by input id, all of it text, several choices joined by commas. An
 * empty input is left out. Nothing in it is trusted.
 */
export function inputsIn(values: unknown): Record<string, string> {
  if (!isRecord(values)) return {};
  const filled = Object.entries(values).flatMap(([blockId, elements]) =>
    Object.entries(isRecord(elements) ? elements : {})
      .map(([actionId, state]) => [blockId, isRecord(state) ? filledIn(blockId, actionId, state) : null] as const)
      .filter((entry): entry is readonly [string, string] => entry[1] !== null),
  );
  return Object.fromEntries(filled);
}

/** The `block_id` of the input with this name (`inputName`) in a view, to show an error at it; `null` without one. */
export function blockOf(view: { readonly blocks: readonly unknown[] }, field: string): string | null {
  const inputs = (view.blocks as readonly Partial<KnownBlock>[]).filter(({ type }) => type === 'input');
  const ids = inputs.map((block) => block.block_id).filter((id) => id !== undefined);
  return ids.find((id) => inputName(id) === field) ?? null;
}
