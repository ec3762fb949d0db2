import { element } from './dom.js';

/**
 * What drawing needs to know of the one who reads.
 * @typedef {object} Reader
 * @property {string} timeZone
 * @property {readonly {readonly id: string, readonly name: string}[]} users
 * @property {readonly {readonly id: string, readonly name: string}[]} channels
 */

const emojis = new Map(
  Object.entries({
    white_check_mark: '✅',
    heavy_check_mark: '✔️',
    x: '❌',
    no_entry: '⛔',
    no_entry_sign: '🚫',
    warning: '⚠️',
    information_source: 'ℹ️',
    hourglass: '⌛',
    hourglass_flowing_sand: '⏳',
    alarm_clock: '⏰',
    clock1: '🕐',
    lock: '🔒',
    unlock: '🔓',
    key: '🔑',
    wave: '👋',
    tada: '🎉',
    eyes: '👀',
    bell: '🔔',
    email: '✉️',
    link: '🔗',
    pencil: '📝',
    memo: '📝',
    clipboard: '📋',
    shield: '🛡️',
    bust_in_silhouette: '👤',
    rotating_light: '🚨',
    red_circle: '🔴',
    large_green_circle: '🟢',
    large_yellow_circle: '🟡',
    arrows_counterclockwise: '🔄',
    '+1': '👍',
    '-1': '👎',
  }),
);

/** @param {string} name */
export const emoji = (name) => emojis.get(name) ?? `:${name}:`;

/** @param {string} text */
export const withEmojis = (text) => text.replace(/:([a-z0-9_+-]+):/g, (_, name) => emoji(name));

/**
 * What Slack takes for a web address; nothing else becomes a link.
 * @param {unknown} url
 */
export const isSafeUrl = (url) => typeof url === 'string' && /^(https?:\/\/|mailto:)/i.test(url);

/**
 * @param {string} url
 * @param {import('./dom.js').Part} label
 */
export const link = (url, label) =>
  isSafeUrl(url)
    ? element('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, label)
    : element('span', {}, label);

/**
 * @param {string} id
 * @param {Reader} reader
 */
export const userMention = (id, reader) =>
  element('span', { class: 'mention' }, `@${reader.users.find((user) => user.id === id)?.name ?? id}`);

/**
 * @param {string} id
 * @param {Reader} reader
 */
export const channelMention = (id, reader) =>
  element('span', { class: 'mention' }, `#${reader.channels.find((channel) => channel.id === id)?.name ?? id}`);

/**
 * @param {Date} date
 * @param {string} timeZone
 */
const dayOf = (date, timeZone) => {
  const part = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(date);
  return Math.round(Date.parse(part) / 86_400_000);
};

/** @param {Date} date */
function ago(date) {
  const seconds = Math.round((date.getTime() - Date.now()) / 1000);
  const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
  if (Math.abs(seconds) < 60) return relative.format(seconds, 'second');
  if (Math.abs(seconds) < 3600) return relative.format(Math.round(seconds / 60), 'minute');
  if (Math.abs(seconds) < 86_400) return relative.format(Math.round(seconds / 3600), 'hour');
  return relative.format(Math.round(seconds / 86_400), 'day');
}

/**
 * The tokens of https://docs.slack.dev/messaging/formatting-message-text#date-formatting, in the browser's language.
 * @param {string} token
 * @param {Date} date
 * @param {string} timeZone
 */
function dateToken(token, date, timeZone) {
  /** @param {Intl.DateTimeFormatOptions} options */
  const format = (options) => new Intl.DateTimeFormat(undefined, { timeZone, ...options }).format(date);
  const day = { day: 'numeric', year: 'numeric' };
  const pretty = token.endsWith('_pretty');
  if (pretty) {
    const days = dayOf(date, timeZone) - dayOf(new Date(), timeZone);
    if (Math.abs(days) <= 1) return new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' }).format(days, 'day');
  }
  switch (token.replace(/_pretty$/, '')) {
    case 'date_num':
      return new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(date);
    case 'date_slash':
      return format({ dateStyle: 'short' });
    case 'date':
    case 'day_divider':
      return format(/** @type {Intl.DateTimeFormatOptions} */ ({ ...day, month: 'long' }));
    case 'date_short':
      return format(/** @type {Intl.DateTimeFormatOptions} */ ({ ...day, month: 'short' }));
    case 'date_long':
      return format(/** @type {Intl.DateTimeFormatOptions} */ ({ ...day, month: 'long', weekday: 'long' }));
    case 'time':
      return format({ timeStyle: 'short' });
    case 'time_secs':
      return format({ timeStyle: 'medium' });
    case 'ago':
      return ago(date);
    default:
      return `{${token}}`;
  }
}

/**
 * A moment as the reader's clock tells it. Its title names the time zone.
 * @param {Date} date
 * @param {string} format Slack's, such as `{date_short} {time}`
 * @param {string} timeZone
 */
export function moment(date, format, timeZone) {
  return element(
    'time',
    {
      datetime: date.toISOString(),
      title: new Intl.DateTimeFormat(undefined, { timeZone, dateStyle: 'full', timeStyle: 'long' }).format(date),
    },
    format.replace(/\{(\w+)\}/g, (_, token) => dateToken(token, date, timeZone)),
  );
}

/**
 * A date of an app's: its fallback, where it is no date.
 * @param {{readonly timestamp: unknown, readonly format: string, readonly url?: string, readonly fallback?: string}} date
 * @param {Reader} reader
 */
export function appDate({ timestamp, format, url, fallback }, reader) {
  const date = new Date(Number(timestamp) * 1000);
  if (Number.isNaN(date.getTime())) return element('span', {}, fallback ?? String(timestamp));
  const shown = moment(date, format, reader.timeZone);
  return url ? link(url, shown) : shown;
}

/** @param {string} text */
const unescaped = (text) => text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');

/**
 * What stands between `<` and `>`.
 * @param {string} inside
 * @param {Reader} reader
 * @returns {Node}
 */
function angle(inside, reader) {
  const [target = '', label] = inside.split(/\|(.*)/s);
  if (/^@[UW]/.test(target)) return userMention(target.slice(1), reader);
  if (/^#[CGD]/.test(target)) return channelMention(target.slice(1), reader);
  const date = /^!date\^(\d+)\^([^^]*)(?:\^(.*))?$/.exec(target);
  if (date)
    return appDate(
      {
        timestamp: date[1],
        format: unescaped(date[2] ?? ''),
        ...(date[3] ? { url: unescaped(date[3]) } : {}),
        ...(label ? { fallback: unescaped(label) } : {}),
      },
      reader,
    );
  if (target.startsWith('!'))
    return element('span', { class: 'mention' }, unescaped(label ?? `@${target.slice(1).split('^')[0]}`));
  const url = unescaped(target);
  return link(url, unescaped(label ?? target.replace(/^mailto:/, '')));
}

/** Where a mark may begin and end: not within a word. */
const marked = (/** @type {string} */ mark, /** @type {string} */ name) =>
  `(?<![\\w${mark}])${mark}(?=\\S)(?<${name}>[^${mark}\\n]*?\\S)${mark}(?![\\w${mark}])`;

const inlineMarks = new RegExp(
  [
    '```(?<pre>[\\s\\S]*?)```',
    '`(?<code>[^`\\n]+)`',
    '<(?<angle>[^<>\\n]+)>',
    '(?<url>https?:\\/\\/[^\\s<>|*_~`]+)',
    marked('\\*', 'bold'),
    marked('_', 'italic'),
    marked('~', 'strike'),
  ].join('|'),
  'g',
);

/**
 * @param {string} text
 * @param {Reader} reader
 * @returns {Node[]}
 */
function inline(text, reader) {
  /** @type {Node[]} */
  const nodes = [];
  let from = 0;
  const plain = (/** @type {number} */ to) => {
    if (to > from) nodes.push(document.createTextNode(withEmojis(unescaped(text.slice(from, to)))));
  };
  for (const match of text.matchAll(inlineMarks)) {
    plain(match.index);
    from = match.index + match[0].length;
    const { pre, code, angle: inside, url, bold, italic, strike } = match.groups ?? {};
    if (pre !== undefined) nodes.push(element('pre', {}, unescaped(pre.replace(/^\n|\n$/g, ''))));
    else if (code !== undefined) nodes.push(element('code', {}, unescaped(code)));
    else if (inside !== undefined) nodes.push(angle(inside, reader));
    else if (url !== undefined) nodes.push(link(unescaped(url), unescaped(url)));
    else if (bold !== undefined) nodes.push(element('strong', {}, ...inline(bold, reader)));
    else if (italic !== undefined) nodes.push(element('em', {}, ...inline(italic, reader)));
    else if (strike !== undefined) nodes.push(element('s', {}, ...inline(strike, reader)));
  }
  plain(text.length);
  return nodes;
}

/**
 * Slack's own markup, as far as apps use it: marks, links, mentions, dates, quotes.
 * @param {string} text
 * @param {Reader} reader
 * @returns {Node[]}
 */
export function mrkdwn(text, reader) {
  // Slack writes a quote's mark escaped, or not.
  const quote = /^(?:>|&gt;) ?/;
  /** @type {{quoted: boolean, lines: string[]}[]} */
  const runs = [];
  let preformatted = false;
  for (const line of text.split('\n')) {
    const quoted = !preformatted && quote.test(line);
    if ((line.split('```').length - 1) % 2 === 1) preformatted = !preformatted;
    const last = runs.at(-1);
    const shown = quoted ? line.replace(quote, '') : line;
    if (last?.quoted === quoted) last.lines.push(shown);
    else runs.push({ quoted, lines: [shown] });
  }
  return runs.flatMap(({ quoted, lines }) => {
    const nodes = inline(lines.join('\n'), reader);
    return quoted ? [element('blockquote', {}, ...nodes)] : nodes;
  });
}

/**
 * A text object.
 * @param {any} text
 * @param {Reader} reader
 * @returns {Node[]}
 */
export const textOf = (text, reader) => {
  if (text?.type === 'mrkdwn') return mrkdwn(text.text, reader);
  return [document.createTextNode(text?.emoji === false ? text.text : withEmojis(text?.text ?? ''))];
};
