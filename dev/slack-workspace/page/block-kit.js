import { element } from './dom.js';
import { appDate, channelMention, emoji, isSafeUrl, link, textOf, userMention } from './text.js';

/** @typedef {import('./text.js').Reader} Reader */
/** @typedef {import('../view.ts').InputValue} InputValue */

/**
 * Where blocks stand: a message, a modal, the home tab.
 * @typedef {object} Place
 * @property {string} place
 * @property {Reader} reader
 * @property {(blockId: string, actionId: string) => InputValue | undefined} valueOf what an input holds; undefined leaves
 *   it to the block's own initial value
 * @property {Readonly<Record<string, string>>} errors by block
 */

/**
 * What an input is drawn with.
 * @typedef {object} Drawing
 * @property {any} block
 * @property {any} item the element, in Slack's words
 * @property {Place} place
 * @property {string} id
 * @property {string | null} label the id of what names it, or null when `name` does
 * @property {string | null} name
 * @property {string | null} describedBy
 * @property {boolean} invalid
 * @property {boolean} required
 */

/** @param {readonly (string | undefined)[]} parts */
const idOf = (...parts) => parts.join('-').replace(/[^\w-]/g, '_');

/** @param {string} what */
const unsupported = (what) => element('p', { class: 'unsupported' }, `unsupported ${what}`);

/** @param {any} text */
const plain = (text) => (typeof text?.text === 'string' ? text.text : '');

/** @param {any} item */
const confirmOf = (item) => (item.confirm ? JSON.stringify(item.confirm) : null);

// —— rich text

/**
 * @param {any} style
 * @param {Node} node
 */
const styled = (style, node) =>
  [
    ['code', 'code'],
    ['strike', 's'],
    ['italic', 'em'],
    ['bold', 'strong'],
  ].reduce((inner, [name, tag]) => (style?.[String(name)] ? element(String(tag), {}, inner) : inner), node);

/**
 * @param {any} part
 * @param {Reader} reader
 * @returns {Node}
 */
function richInline(part, reader) {
  switch (part.type) {
    case 'text':
      return styled(part.style, document.createTextNode(part.text));
    case 'link':
      return styled(part.style, link(part.url, part.text ?? part.url));
    case 'user':
      return styled(part.style, userMention(part.user_id, reader));
    case 'channel':
      return styled(part.style, channelMention(part.channel_id, reader));
    case 'broadcast':
      return element('span', { class: 'mention' }, `@${part.range}`);
    case 'emoji':
      return document.createTextNode(
        typeof part.unicode === 'string'
          ? String.fromCodePoint(
              ...part.unicode.split('-').map((/** @type {string} */ code) => Number.parseInt(code, 16)),
            )
          : emoji(part.name),
      );
    case 'date':
      return styled(part.style, appDate(part, reader));
    default:
      return unsupported(`rich text: ${part.type}`);
  }
}

/**
 * @param {any} part
 * @param {Reader} reader
 * @returns {HTMLElement}
 */
function richPart(part, reader) {
  const inside = () => part.elements.map((/** @type {any} */ child) => richInline(child, reader));
  switch (part.type) {
    case 'rich_text_section':
      return element('div', { class: 'rich' }, inside());
    case 'rich_text_quote':
      return element('blockquote', {}, inside());
    case 'rich_text_preformatted':
      return element('pre', {}, inside());
    case 'rich_text_list':
      return element(
        part.style === 'ordered' ? 'ol' : 'ul',
        { 'data-indent': part.indent ?? 0, start: part.style === 'ordered' && part.offset ? part.offset + 1 : null },
        part.elements.map((/** @type {any} */ item) => element('li', {}, richPart(item, reader))),
      );
    default:
      return unsupported(`rich text: ${part.type}`);
  }
}

// —— what can be pressed

/**
 * @param {any} item
 * @returns {HTMLElement}
 */
function button(item) {
  const look = {
    class: ['button', item.style].filter(Boolean).join(' '),
    'aria-label': item.accessibility_label ?? null,
    'data-action': item.action_id,
    'data-press': true,
    'data-confirm': confirmOf(item),
  };
  const title = textOf(item.text, { timeZone: 'UTC', users: [], channels: [] });
  // The app hears of a press on a link as well.
  if (isSafeUrl(item.url))
    return element('a', { ...look, href: item.url, target: '_blank', rel: 'noopener noreferrer' }, title);
  return element('button', { ...look, type: 'button' }, title);
}

/**
 * @param {any} item
 * @param {string} id
 * @returns {HTMLElement}
 */
const overflow = (item, id) =>
  element(
    'span',
    { class: 'overflow' },
    element('button', { type: 'button', class: 'button', popovertarget: id, 'aria-label': 'More actions' }, '⋯'),
    element(
      'div',
      { id, popover: 'auto', class: 'menu' },
      item.options.map((/** @type {any} */ option) => {
        const look = {
          'data-action': item.action_id,
          'data-press': true,
          'data-value': option.value,
          'data-confirm': confirmOf(item),
        };
        return isSafeUrl(option.url)
          ? element(
              'a',
              { ...look, href: option.url, target: '_blank', rel: 'noopener noreferrer' },
              plain(option.text),
            )
          : element('button', { ...look, type: 'button' }, plain(option.text));
      }),
    ),
  );

// —— what can be filled in

/**
 * What an element holds: the person's own input, or what the app put in.
 * @param {Drawing} drawing
 * @param {unknown} initial
 */
function heldBy({ block, item, place }, initial) {
  const value = place.valueOf(block.block_id, item.action_id);
  return value === undefined ? initial : value;
}

/** @param {Drawing} drawing */
const naming = ({ id, label, name, describedBy, invalid, required }) => ({
  id,
  'aria-labelledby': label,
  'aria-label': label ? null : name,
  'aria-describedby': describedBy,
  'aria-invalid': invalid ? 'true' : null,
  'aria-required': required ? 'true' : null,
});

/**
 * @param {Drawing} drawing
 * @param {string} type of the browser's input
 * @param {Readonly<Record<string, unknown>>} more
 */
function textInput(drawing, type, more = {}) {
  const { item } = drawing;
  return element(item.multiline ? 'textarea' : 'input', {
    ...naming(drawing),
    ...(item.multiline ? { rows: 3 } : { type }),
    'data-action': item.action_id,
    'data-holds': 'text',
    placeholder: plain(item.placeholder) || null,
    maxlength: item.max_length ?? null,
    autocomplete: 'off',
    value: String(heldBy(drawing, item.initial_value) ?? ''),
    ...more,
  });
}

/** @typedef {{readonly value: string, readonly label: string, readonly hint: Node[] | null}} Choice */

/**
 * @param {any} option
 * @param {Reader} reader
 * @returns {Choice}
 */
const choiceOf = (option, reader) => ({
  value: String(option.value),
  label: plain(option.text),
  hint: option.description ? textOf(option.description, reader) : null,
});

/**
 * @param {Drawing} drawing
 * @param {readonly {readonly label: string | null, readonly choices: readonly Choice[]}[]} groups
 * @param {unknown} initial
 */
function select(drawing, groups, initial) {
  const { item } = drawing;
  const held = String(heldBy(drawing, initial) ?? '');
  const drawn = (/** @type {Choice} */ { value, label, hint }) =>
    element(
      'option',
      { value, selected: value === held },
      hint ? `${label} – ${element('p', {}, ...hint).textContent}` : label,
    );
  return element(
    'select',
    { ...naming(drawing), 'data-action': item.action_id, 'data-holds': 'one', 'data-confirm': confirmOf(item) },
    element('option', { value: '', selected: held === '' }, plain(item.placeholder) || 'Choose…'),
    groups.map(({ label, choices }) =>
      label === null ? choices.map(drawn) : element('optgroup', { label }, choices.map(drawn)),
    ),
  );
}

/**
 * @param {Drawing} drawing
 * @param {'radio' | 'checkbox'} type
 * @param {readonly Choice[]} choices
 * @param {unknown} initial one value, or a list of them
 */
function boxes(drawing, type, choices, initial) {
  const { item, id } = drawing;
  const held = heldBy(drawing, initial);
  const naming_ = naming(drawing);
  // Only a group of radio buttons can be required, or wrong.
  const group = type === 'radio' ? naming_ : { ...naming_, 'aria-required': null, 'aria-invalid': null };
  return element(
    'div',
    {
      ...group,
      role: type === 'radio' ? 'radiogroup' : 'group',
      class: ['boxes', choices.length > 10 && 'many'].filter(Boolean).join(' '),
      'data-action': item.action_id,
      'data-holds': type === 'radio' ? 'one' : 'many',
      'data-confirm': confirmOf(item),
    },
    choices.map(({ value, label, hint }, index) => {
      const own = `${id}-${index}`;
      return element(
        'div',
        { class: 'box' },
        element('input', {
          id: own,
          type,
          name: id,
          value,
          checked: Array.isArray(held) ? held.includes(value) : held === value,
          'aria-describedby': hint ? `${own}-hint` : null,
          'aria-invalid': type === 'checkbox' && drawing.invalid ? 'true' : null,
        }),
        element('label', { for: own }, label),
        hint && element('p', { id: `${own}-hint`, class: 'hint' }, ...hint),
      );
    }),
  );
}

/** @param {any} item */
const groupsOf = (item) =>
  item.option_groups
    ? item.option_groups.map((/** @type {any} */ group) => ({ label: plain(group.label), options: group.options }))
    : [{ label: null, options: item.options ?? [] }];

/** @param {any} options */
const valuesOf = (options) => (options ?? []).map((/** @type {any} */ { value }) => String(value));

/**
 * How far this zone is ahead of UTC then, in milliseconds.
 * @param {number} at
 * @param {string} timeZone
 */
function aheadOfUtc(at, timeZone) {
  const there = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(at);
  return Date.parse(`${there.replace(' ', 'T')}Z`) - Math.floor(at / 1000) * 1000;
}

/**
 * @param {number} seconds since 1970
 * @param {string} timeZone
 */
const localOf = (seconds, timeZone) =>
  new Date(seconds * 1000 + aheadOfUtc(seconds * 1000, timeZone)).toISOString().slice(0, 16);

/**
 * Seconds since 1970 at this local date and time.
 * @param {string} local `YYYY-MM-DDTHH:mm`
 * @param {string} timeZone
 */
export function secondsOf(local, timeZone) {
  const asUtc = Date.parse(`${local}Z`);
  return (asUtc - aheadOfUtc(asUtc - aheadOfUtc(asUtc, timeZone), timeZone)) / 1000;
}

/**
 * @param {Drawing} drawing
 * @returns {HTMLElement | null} null for what is no input
 */
function input(drawing) {
  const { item, place } = drawing;
  const { reader } = place;
  const choices = (/** @type {any[]} */ options) => options.map((option) => choiceOf(option, reader));
  const named = (/** @type {Reader['users']} */ list) =>
    list.map(({ id, name }) => ({ value: id, label: name, hint: null }));
  switch (item.type) {
    case 'plain_text_input':
      return textInput(drawing, 'text');
    case 'email_text_input':
      return textInput(drawing, 'email');
    case 'url_text_input':
      return textInput(drawing, 'url');
    // A browser's own number input hides from us what is no number, and the server should hear of it.
    case 'number_input':
      return textInput(drawing, 'text', { inputmode: item.is_decimal_allowed ? 'decimal' : 'numeric' });
    case 'datepicker':
      return textInput(drawing, 'date', { value: heldBy(drawing, item.initial_date) ?? '', 'data-holds': 'moment' });
    case 'timepicker':
      return textInput(drawing, 'time', { value: heldBy(drawing, item.initial_time) ?? '', 'data-holds': 'moment' });
    case 'datetimepicker': {
      const held = heldBy(drawing, item.initial_date_time);
      const value = typeof held === 'number' ? localOf(held, reader.timeZone) : '';
      return textInput(drawing, 'datetime-local', { value, 'data-holds': 'seconds' });
    }
    case 'static_select': {
      const groups = groupsOf(item).map((/** @type {any} */ { label, options }) => ({
        label,
        choices: choices(options),
      }));
      return select(drawing, groups, item.initial_option?.value);
    }
    case 'users_select':
      return select(drawing, [{ label: null, choices: named(reader.users) }], item.initial_user);
    case 'channels_select':
      return select(drawing, [{ label: null, choices: named(reader.channels) }], item.initial_channel);
    case 'conversations_select':
      return select(drawing, [{ label: null, choices: named(reader.channels) }], item.initial_conversation);
    case 'radio_buttons':
      return boxes(drawing, 'radio', choices(item.options), item.initial_option?.value);
    case 'checkboxes':
      return boxes(drawing, 'checkbox', choices(item.options), valuesOf(item.initial_options));
    case 'multi_static_select': {
      const options = groupsOf(item).flatMap((/** @type {any} */ group) => group.options);
      return boxes(drawing, 'checkbox', choices(options), valuesOf(item.initial_options));
    }
    case 'multi_users_select':
      return boxes(drawing, 'checkbox', named(reader.users), item.initial_users ?? []);
    case 'multi_channels_select':
      return boxes(drawing, 'checkbox', named(reader.channels), item.initial_channels ?? []);
    case 'multi_conversations_select':
      return boxes(drawing, 'checkbox', named(reader.channels), item.initial_conversations ?? []);
    default:
      return null;
  }
}

/** Names for what has neither a label nor a placeholder. */
const ownNames = /** @type {Readonly<Record<string, string>>} */ ({
  datepicker: 'Date',
  timepicker: 'Time',
  datetimepicker: 'Date and time',
});

/**
 * An element of an actions block, or a section's accessory.
 * @param {any} item
 * @param {any} block
 * @param {Place} place
 * @returns {HTMLElement}
 */
function loose(item, block, place) {
  const id = idOf(place.place, block.block_id, item.action_id);
  if (item.type === 'button') return button(item);
  if (item.type === 'overflow') return overflow(item, id);
  if (item.type === 'image') return image(item);
  const name = plain(item.placeholder) || plain(block.text) || ownNames[item.type] || 'Choices';
  const drawing = { block, item, place, id, label: null, name, describedBy: null, invalid: false, required: false };
  return input(drawing) ?? unsupported(`element: ${item.type}`);
}

/** @param {any} item */
const image = ({ image_url: src, slack_file: file, alt_text: alt }) =>
  element('img', { src: src ?? file?.url ?? null, alt: alt ?? '', referrerpolicy: 'no-referrer' });

// —— blocks

/**
 * @param {any} block
 * @param {Place} place
 * @returns {HTMLElement}
 */
function inputBlock(block, place) {
  const item = block.element;
  const id = idOf(place.place, block.block_id, item.action_id);
  const error = place.errors[block.block_id];
  const describedBy = [block.hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || null;
  const drawing = {
    block,
    item,
    place,
    id,
    label: `${id}-label`,
    name: null,
    describedBy,
    invalid: Boolean(error),
    required: !block.optional,
  };
  const drawn = input(drawing);
  const grouped = drawn?.hasAttribute('role');
  const label = [plain(block.label), block.optional ? element('span', { class: 'hint' }, ' (optional)') : null];
  return element(
    'div',
    { class: 'input' },
    element(grouped ? 'span' : 'label', { id: `${id}-label`, class: 'label', for: grouped ? null : id }, ...label),
    drawn ?? unsupported(`element: ${item.type}`),
    block.hint && element('p', { id: `${id}-hint`, class: 'hint' }, ...textOf(block.hint, place.reader)),
    error ? element('p', { id: `${id}-error`, class: 'error' }, error) : null,
  );
}

/**
 * @param {any} block
 * @param {Place} place
 * @returns {HTMLElement}
 */
function draw(block, place) {
  const { reader } = place;
  switch (block.type) {
    case 'header':
      return element('h3', {}, ...textOf(block.text, reader));
    case 'divider':
      return element('hr');
    case 'section':
      return element(
        'div',
        { class: 'section' },
        element(
          'div',
          { class: 'words' },
          block.text && element('div', { class: 'text' }, ...textOf(block.text, reader)),
          block.fields &&
            element(
              'div',
              { class: 'fields' },
              block.fields.map((/** @type {any} */ field) =>
                element('div', { class: 'text' }, ...textOf(field, reader)),
              ),
            ),
        ),
        block.accessory && element('div', { class: 'accessory' }, loose(block.accessory, block, place)),
      );
    case 'rich_text':
      return element(
        'div',
        {},
        block.elements.map((/** @type {any} */ part) => richPart(part, reader)),
      );
    case 'context':
      return element(
        'div',
        { class: 'context' },
        block.elements.map((/** @type {any} */ part) =>
          part.type === 'image' ? image(part) : element('span', { class: 'text' }, ...textOf(part, reader)),
        ),
      );
    case 'image':
      return element(
        'figure',
        {},
        block.title && element('figcaption', {}, ...textOf(block.title, reader)),
        image(block),
      );
    case 'actions':
      return element(
        'div',
        { class: 'actions' },
        block.elements.map((/** @type {any} */ item) => loose(item, block, place)),
      );
    case 'input':
      return inputBlock(block, place);
    default:
      return unsupported(`block: ${block.type}`);
  }
}

/**
 * Draws blocks. Elements carry `data-action`, and `data-press` or `data-holds`; the block around them `data-block`.
 * @param {readonly any[]} blocks
 * @param {Place} place
 * @returns {HTMLElement[]}
 */
export const drawBlocks = (blocks, place) =>
  blocks.map((block) =>
    element(
      'div',
      {
        class: 'block',
        'data-key': block.block_id,
        'data-block': block.block_id,
        'data-dispatches': block.type === 'input' && block.dispatch_action === true,
      },
      draw(block, place),
    ),
  );
