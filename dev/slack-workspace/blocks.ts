import { randomBytes } from 'node:crypto';
import type { Json } from './contract.ts';
import { type Block, type Inputs, type InputValue, inputKey } from './view.ts';

/** An interactive element and the block it stands in. */
export interface Placed {
  readonly block: Block;
  readonly element: Json & { readonly type: string; readonly action_id: string };
}

const newId = () => randomBytes(4).toString('base64url').slice(0, 5);
const list = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);

/** Shapes of elements that hold something, by the fields that tell of it. */
const holders: Record<string, { readonly state: string; readonly initial: string; readonly kind: Kind }> = {
  plain_text_input: { state: 'value', initial: 'initial_value', kind: 'text' },
  email_text_input: { state: 'value', initial: 'initial_value', kind: 'text' },
  url_text_input: { state: 'value', initial: 'initial_value', kind: 'text' },
  number_input: { state: 'value', initial: 'initial_value', kind: 'text' },
  static_select: { state: 'selected_option', initial: 'initial_option', kind: 'option' },
  external_select: { state: 'selected_option', initial: 'initial_option', kind: 'option' },
  radio_buttons: { state: 'selected_option', initial: 'initial_option', kind: 'option' },
  multi_static_select: { state: 'selected_options', initial: 'initial_options', kind: 'options' },
  multi_external_select: { state: 'selected_options', initial: 'initial_options', kind: 'options' },
  checkboxes: { state: 'selected_options', initial: 'initial_options', kind: 'options' },
  users_select: { state: 'selected_user', initial: 'initial_user', kind: 'text' },
  channels_select: { state: 'selected_channel', initial: 'initial_channel', kind: 'text' },
  conversations_select: { state: 'selected_conversation', initial: 'initial_conversation', kind: 'text' },
  multi_users_select: { state: 'selected_users', initial: 'initial_users', kind: 'texts' },
  multi_channels_select: { state: 'selected_channels', initial: 'initial_channels', kind: 'texts' },
  multi_conversations_select: { state: 'selected_conversations', initial: 'initial_conversations', kind: 'texts' },
  datepicker: { state: 'selected_date', initial: 'initial_date', kind: 'text' },
  timepicker: { state: 'selected_time', initial: 'initial_time', kind: 'text' },
  datetimepicker: { state: 'selected_date_time', initial: 'initial_date_time', kind: 'number' },
};
type Kind = 'text' | 'texts' | 'option' | 'options' | 'number';
const pressed = new Set(['button', 'overflow', 'workflow_button', 'icon_button', 'feedback_buttons']);

const elementsOf = (block: Json): Json[] => {
  switch (block.type) {
    case 'section':
      return block.accessory ? [block.accessory as Json] : [];
    case 'actions':
    case 'context_actions':
      return list(block.elements);
    case 'input':
      return block.element ? [block.element as Json] : [];
    default:
      return [];
  }
};

const isInteractive = ({ type }: Json) => typeof type === 'string' && (type in holders || pressed.has(type));

/** A copy in which every block and every interactive element has its id, as Slack stores them. */
export function settled(blocks: readonly unknown[]): Block[] {
  return blocks.map((given) => {
    const block = structuredClone(given) as Json;
    block.block_id ??= newId();
    for (const element of elementsOf(block)) if (isInteractive(element)) element.action_id ??= newId();
    return block as unknown as Block;
  });
}

export const elementsIn = (blocks: readonly Block[]): Placed[] =>
  blocks.flatMap((block) =>
    elementsOf(block)
      .filter(isInteractive)
      .map((element) => ({ block, element: element as Placed['element'] })),
  );

export const findElement = (blocks: readonly Block[], blockId: string, actionId: string): Placed | undefined =>
  elementsIn(blocks).find(({ block, element }) => block.block_id === blockId && element.action_id === actionId);

const optionsOf = (element: Json): Json[] => [
  ...list(element.options),
  ...list(element.option_groups).flatMap((group) => list(group.options)),
];

const initialOf = (element: Json): InputValue => {
  const holder = holders[element.type as string];
  const initial = holder && element[holder.initial];
  if (!holder || initial === undefined || initial === null) return null;
  if (holder.kind === 'option') return String((initial as Json).value);
  if (holder.kind === 'options') return list(initial).map(({ value }) => String(value));
  return initial as InputValue;
};

/** What a place holds: the initial values, and over them what the person has typed and chosen. */
export function inputsIn(blocks: readonly Block[], typed: ReadonlyMap<string, InputValue>): Inputs {
  const holding = elementsIn(blocks).filter(({ element }) => element.type in holders);
  return Object.fromEntries(
    holding.map(({ block, element }) => {
      const key = inputKey(block.block_id, element.action_id);
      return [key, typed.has(key) ? (typed.get(key) as InputValue) : initialOf(element)];
    }),
  );
}

const shownOption = (option: Json): Json => {
  const text = option.text as Json;
  return { ...option, text: { ...text, ...(text.type === 'plain_text' ? { emoji: text.emoji ?? true } : {}) } };
};

function held(element: Json, value: InputValue): Json {
  const { state, kind } = holders[element.type as string] as (typeof holders)[string];
  const optionOf = (chosen: unknown) => {
    const option = optionsOf(element).find((candidate) => candidate.value === chosen);
    return option ? shownOption(option) : null;
  };
  switch (kind) {
    case 'text':
      return { [state]: value === '' || value === null ? null : String(value) };
    case 'number':
      return { [state]: value };
    case 'texts':
      return { [state]: value ?? [] };
    case 'option':
      return { [state]: value === null ? null : optionOf(value) };
    case 'options':
      return { [state]: list(value).map(optionOf).filter(Boolean) };
    default:
      return kind satisfies never;
  }
}

/** `state` as payloads carry it. */
export function stateIn(blocks: readonly Block[], inputs: Inputs): { values: Record<string, Record<string, Json>> } {
  const values: Record<string, Record<string, Json>> = {};
  for (const { block, element } of elementsIn(blocks)) {
    if (!(element.type in holders)) continue;
    const value = inputs[inputKey(block.block_id, element.action_id)] ?? null;
    values[block.block_id] = {
      ...values[block.block_id],
      [element.action_id]: { type: element.type, ...held(element, value) },
    };
  }
  return { values };
}

/** An entry of a payload's `actions`. */
export function actionOf({ block, element }: Placed, value: InputValue): Json {
  const common = {
    type: element.type,
    action_id: element.action_id,
    block_id: block.block_id,
    action_ts: (Date.now() / 1000).toFixed(6),
  };
  if (element.type === 'overflow') {
    const option = optionsOf(element).find((candidate) => candidate.value === value);
    return { ...common, selected_option: option ? shownOption(option) : null };
  }
  if (element.type in holders) return { ...common, ...held(element, value) };
  const { text, value: carried, style } = element;
  return {
    ...common,
    text: text && { ...(text as Json), emoji: (text as Json).emoji ?? true },
    ...(carried === undefined ? {} : { value: carried }),
    ...(style === undefined ? {} : { style }),
  };
}

/** Why the client wouldn't take this value, or null. */
export function faultInValue({ element }: Placed, value: InputValue): string | null {
  const holder = holders[element.type];
  if (!holder) return `a ${element.type} holds nothing`;
  const known = (option: unknown) =>
    element.type.includes('external') || optionsOf(element).some((candidate) => candidate.value === option);
  if (value === null) return null;
  if (holder.kind === 'option') return known(value) ? null : `no option ${value}`;
  if (holder.kind === 'options') {
    if (!Array.isArray(value)) return 'a list of options is wanted';
    return value.every(known) ? null : `not all of ${value} are options`;
  }
  return null;
}

const faultInField = (element: Json, value: InputValue): string | null => {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  const { min_length: least, max_length: most, min_value: low, max_value: high } = element;
  if (typeof least === 'number' && text.length < least) return `Please enter at least ${least} characters.`;
  if (typeof most === 'number' && text.length > most) return `Please enter no more than ${most} characters.`;
  if (element.type === 'email_text_input' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text))
    return 'Please enter a valid email address.';
  if (element.type === 'url_text_input' && !URL.canParse(text)) return 'Please enter a valid URL.';
  if (element.type !== 'number_input') return null;
  const number = Number(text);
  if (Number.isNaN(number)) return 'Please enter a number.';
  if (element.is_decimal_allowed === false && !Number.isInteger(number)) return 'Please enter a whole number.';
  if (low !== undefined && number < Number(low)) return `Please enter a number of at least ${low}.`;
  if (high !== undefined && number > Number(high)) return `Please enter a number of at most ${high}.`;
  return null;
};

/** What the client itself finds before it submits a modal, by `block_id`. */
export function faultsIn(blocks: readonly Block[], inputs: Inputs): Record<string, string> {
  const faults: Record<string, string> = {};
  for (const { block, element } of elementsIn(blocks)) {
    if (block.type !== 'input') continue;
    const value = inputs[inputKey(block.block_id, element.action_id)] ?? null;
    const empty = value === null || value === '' || (Array.isArray(value) && value.length === 0);
    const fault = empty
      ? block.optional === true
        ? null
        : 'Please complete this required field.'
      : faultInField(element, value);
    if (fault) faults[block.block_id] = fault;
  }
  return faults;
}
