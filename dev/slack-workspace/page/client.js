import { drawBlocks, secondsOf } from './block-kit.js';
import { element, update } from './dom.js';
import { moment, mrkdwn } from './text.js';

/** @typedef {import('../view.ts').PersonView} PersonView */
/** @typedef {import('../view.ts').Act} Act */
/** @typedef {import('../view.ts').ActResult} ActResult */
/** @typedef {import('../view.ts').InputValue} InputValue */
/** @typedef {import('../view.ts').MessageShown} MessageShown */
/** @typedef {import('../view.ts').ViewShown} ViewShown */
/** @typedef {import('../view.ts').UserShown} UserShown */
/** @typedef {import('../view.ts').ConversationShown} ConversationShown */

const typingMs = 250;
/** What takes no longer needn't be told. */
const patienceMs = 300;
/** Nearer to the end than this, new messages are followed. */
const followPx = 80;

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const composer = /** @type {HTMLFormElement} */ (byId('composer'));
const text = /** @type {HTMLTextAreaElement} */ (byId('text'));
const person = new URLSearchParams(location.search).get('user') ?? '';

/** @param {string} name */
const address = (name) => `/client/${name}?user=${encodeURIComponent(person)}`;

/** @type {PersonView | null} */
let view = null;
/** What is looked at: `home`, or a conversation's id. */
let at = decodeURIComponent(location.hash.slice(1));
/** What was written in a conversation and not sent. @type {Map<string, string>} */
const drafts = new Map();

// —— talking to the workspace

/** How much of what the person did is on its way. */
let waits = 0;

/** @param {string} words */
const tellConnection = (words) => {
  byId('connection').textContent = words;
};

async function load() {
  try {
    const response = await fetch(address('state'));
    if (!response.ok) throw new Error(`the workspace answered ${response.status}`);
    tellConnection('');
    show(await response.json());
  } catch (error) {
    tellConnection(
      error instanceof Error && error.message.startsWith('the workspace') ? error.message : 'Not connected',
    );
  }
}

/** @type {Promise<void>} */
let current = Promise.resolve();
/** @type {Promise<void> | null} */
let queued = null;
/** Ends when a state that was asked for now, or later, is on the screen. */
function refresh() {
  queued ??= current.then(() => {
    queued = null;
    current = load();
    return current;
  });
  return queued;
}

/**
 * @param {Act} deed
 * @returns {Promise<ActResult>}
 */
async function act(deed) {
  const waited = deed.kind !== 'read' && deed.kind !== 'dismiss';
  if (waited) waits += 1;
  showBusy();
  try {
    const response = await fetch(address('act'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(deed),
    });
    return await response.json();
  } catch {
    tellConnection('Not connected');
    return { ok: false, error: 'unreachable', errors: {}, closed: false };
  } finally {
    await refresh();
    if (waited) waits -= 1;
    showBusy();
  }
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let patience;
function showBusy() {
  const busy = waits > 0 || view === null || view.busy;
  byId('place').setAttribute('aria-busy', String(busy));
  if (!busy) {
    clearTimeout(patience);
    patience = undefined;
    tellWorking('');
  } else patience ??= setTimeout(() => tellWorking('Working…'), patienceMs);
}

/** @param {string} words */
function tellWorking(words) {
  working = words;
  byId('working').textContent = words;
  for (const place of document.querySelectorAll('dialog .working')) place.textContent = words;
}
let working = '';

// —— inputs

/** What the workspace needn't have heard of yet. It wins over what the workspace tells. @type {Map<string, InputValue>} */
const typed = new Map();
/** @type {Map<string, {readonly deed: Extract<Act, {kind: 'input'}>, readonly timer: ReturnType<typeof setTimeout>}>} */
const waiting = new Map();
/** Inputs reach the workspace in the order in which they were made. @type {Promise<unknown>} */
let sent = Promise.resolve();

/** @param {InputValue | undefined} value */
const comparable = (value) => (value === '' || (Array.isArray(value) && value.length === 0) ? null : (value ?? null));

/** @param {string} place @param {string} blockId @param {string} actionId */
const typedKey = (place, blockId, actionId) => `${place} ${blockId}/${actionId}`;

/** @param {{readonly place: string, readonly inputs: import('../view.ts').Inputs}} shown */
const valuesOf = (shown) => (/** @type {string} */ blockId, /** @type {string} */ actionId) => {
  const key = typedKey(shown.place, blockId, actionId);
  const told = shown.inputs[`${blockId}/${actionId}`];
  const own = typed.get(key);
  if (own === undefined) return told;
  if (!waiting.has(key) && JSON.stringify(comparable(own)) === JSON.stringify(comparable(told))) typed.delete(key);
  return own;
};

/** @param {string} key */
function send(key) {
  const due = waiting.get(key);
  if (!due) return;
  clearTimeout(due.timer);
  waiting.delete(key);
  sent = sent.then(async () => {
    const { ok } = await act(due.deed);
    if (ok || waiting.has(key)) return;
    typed.delete(key);
    render();
  });
}

/** Ends when the workspace has heard of all that was typed. */
function flush() {
  for (const key of [...waiting.keys()]) send(key);
  return sent;
}

/** @param {Element} inside */
function whereOf(inside) {
  const control = /** @type {HTMLElement} */ (inside.closest('[data-action]'));
  const place = /** @type {HTMLElement} */ (control.closest('[data-place]')).dataset.place ?? '';
  const block = /** @type {HTMLElement} */ (control.closest('[data-block]'));
  const where = { place, blockId: block.dataset.block ?? '', actionId: control.dataset.action ?? '' };
  return { control, block, where };
}

/**
 * @param {HTMLElement} control
 * @returns {InputValue}
 */
function valueIn(control) {
  const chosen = () =>
    [...control.querySelectorAll('input')].filter(({ checked }) => checked).map(({ value }) => value);
  const { value } = /** @type {HTMLInputElement} */ (control);
  switch (control.dataset.holds) {
    case 'many':
      return chosen();
    case 'one':
      return (control instanceof HTMLSelectElement ? value : chosen()[0]) || null;
    case 'seconds':
      return value ? secondsOf(value, view?.me.tz ?? 'UTC') : null;
    default:
      return value || null;
  }
}

/** @param {Event} event */
async function noteInput({ target }) {
  if (!(target instanceof Element) || !target.closest('[data-holds]')) return;
  const { control, where } = whereOf(target);
  const key = typedKey(where.place, where.blockId, where.actionId);
  const value = valueIn(control);
  if (control.dataset.confirm && !(await confirmed(control.dataset.confirm))) {
    render();
    return;
  }
  typed.set(key, value);
  clearTimeout(waiting.get(key)?.timer);
  const timer = setTimeout(() => send(key), typingMs);
  waiting.set(key, { deed: { kind: 'input', ...where, value }, timer });
  if (control.dataset.holds !== 'text') send(key);
}

/** @param {HTMLElement} pressed */
async function press(pressed) {
  if (pressed.dataset.confirm && !(await confirmed(pressed.dataset.confirm))) return;
  const { where } = whereOf(pressed);
  const { value } = pressed.dataset;
  await whenFlushed({ kind: 'press', ...where, ...(value === undefined ? {} : { value }) });
}

/**
 * The workspace hears of what was typed first.
 * @param {Act} deed
 */
async function whenFlushed(deed) {
  waits += 1;
  showBusy();
  try {
    await flush();
    return await act(deed);
  } finally {
    waits -= 1;
    showBusy();
  }
}

/**
 * Asks whether they are sure, as the app wishes.
 * @param {string} json of a confirmation object
 * @returns {Promise<boolean>}
 */
function confirmed(json) {
  const { title, text: question, confirm, deny, style } = JSON.parse(json);
  const dialog = /** @type {HTMLDialogElement} */ (
    element(
      'dialog',
      { class: 'confirm', 'aria-labelledby': 'confirm-title' },
      element(
        'form',
        { method: 'dialog' },
        element('h2', { id: 'confirm-title' }, title.text),
        element(
          'div',
          { class: 'body text' },
          question.type === 'mrkdwn' ? mrkdwn(question.text, reader()) : question.text,
        ),
        element(
          'footer',
          {},
          element('button', { class: 'quiet', value: '' }, deny.text),
          element('button', { class: style === 'danger' ? 'danger' : 'primary', value: 'yes' }, confirm.text),
        ),
      ),
    )
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((done) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      done(dialog.returnValue === 'yes');
    });
  });
}

// —— drawing

/** @returns {import('./text.js').Reader} */
const reader = () => ({
  timeZone: view?.me.tz || 'UTC',
  users: [
    ...(view ? [{ id: view.bot.userId, name: view.bot.name }] : []),
    ...(view?.users ?? []).map(({ id, realName }) => ({ id, name: realName })),
  ],
  channels: (view?.conversations ?? []).filter(({ kind }) => kind === 'channel'),
});

/** @param {string} words */
const unseen = (words) => element('span', { class: 'unseen' }, words);

/** @param {UserShown} user */
const standing = (user) => {
  if (user.outsider) return 'other organisation';
  if (user.guest) return `${user.guest} guest`;
  return user.admin ? 'administrator' : '';
};

/** @param {PersonView} shown */
function drawTop({ team, me, users }) {
  document.title = `${me.realName} – ${team.name}`;
  byId('workspace').textContent = team.name;
  update(byId('persona'), [unseen('You are '), me.realName]);
  update(/** @type {Element} */ (document.querySelector('#personas ul')), [
    users
      .filter(({ deleted }) => !deleted)
      .map((user) =>
        element(
          'li',
          { 'data-key': user.id },
          element(
            'a',
            { href: `?user=${encodeURIComponent(user.id)}`, 'aria-current': user.id === me.id ? 'true' : null },
            user.realName,
            standing(user) && element('span', { class: 'hint' }, ` ${standing(user)}`),
          ),
        ),
      ),
  ]);
}

/** @param {PersonView} shown */
function drawSidebar({ conversations }) {
  const entries = (/** @type {string} */ kind) =>
    conversations
      .filter((conversation) => conversation.kind === kind)
      .map(({ id, name, unread, shared }) =>
        element(
          'li',
          { 'data-key': id },
          element(
            'a',
            { href: `#${id}`, 'aria-current': id === at || (kind === 'bot' && at === 'home') ? 'page' : null },
            kind === 'channel' ? `# ${name}` : name,
            shared && element('span', { class: 'mark' }, unseen(' '), 'shared'),
            unread > 0 && element('span', { class: 'unread' }, unseen(', '), `${unread}`, unseen(' unread')),
          ),
        ),
      );
  update(byId('sidebar'), [
    element('h2', {}, 'Channels'),
    element('ul', { 'aria-label': 'Channels' }, entries('channel')),
    element('h2', {}, 'Apps'),
    element('ul', { 'aria-label': 'Apps' }, entries('bot')),
  ]);
}

/**
 * @param {PersonView} shown
 * @param {ConversationShown | undefined} here
 */
function drawAbout({ bot, conversations }, here) {
  const messages = conversations.find(({ kind }) => kind === 'bot');
  const tab = (/** @type {string} */ target, /** @type {string} */ name) =>
    element('a', { href: `#${target}`, 'aria-current': target === at ? 'page' : null }, name);
  const isApp = at === 'home' || here?.kind === 'bot';
  update(byId('about'), [
    element('h2', {}, isApp ? bot.name : `# ${here?.name ?? ''}`),
    isApp
      ? element('nav', { 'aria-label': bot.name }, tab('home', 'Home'), tab(messages?.id ?? '', 'Messages'))
      : here?.shared && element('p', { class: 'hint' }, 'Shared with other organisations'),
  ]);
}

/** @param {MessageShown} message */
function drawMessage(message) {
  const id = `m-${message.place.replace(/[^\w-]/g, '_')}`;
  const { timeZone } = reader();
  return element(
    'article',
    {
      class: message.ephemeral ? 'message ephemeral' : 'message',
      'data-key': message.place,
      'data-place': message.place,
      'aria-labelledby': id,
    },
    message.ephemeral && element('p', { class: 'hint' }, 'Only visible to you'),
    element(
      'p',
      { id, class: 'byline' },
      element('strong', {}, message.from),
      message.bot && element('span', { class: 'badge' }, 'APP'),
      ' ',
      moment(new Date(message.at), '{time}', timeZone),
    ),
    message.blocks.length > 0
      ? drawBlocks(message.blocks, { place: message.place, reader: reader(), errors: {}, valueOf: valuesOf(message) })
      : element('div', { class: 'text' }, ...mrkdwn(message.text, reader())),
    message.edited && element('p', { class: 'hint edited' }, '(edited)'),
    message.trouble && element('p', { class: 'error', role: 'alert' }, message.trouble),
  );
}

/** @param {PersonView} shown */
function drawHome({ home, bot }) {
  const place = byId('home');
  if (!home) {
    delete place.dataset.place;
    update(place, [element('p', { class: 'hint' }, `${bot.name} has no home page for you yet.`)]);
    return;
  }
  place.dataset.place = home.place;
  update(place, [
    drawBlocks(home.blocks, { place: home.place, reader: reader(), errors: home.errors, valueOf: valuesOf(home) }),
    home.trouble && element('p', { class: 'error', role: 'alert' }, home.trouble),
  ]);
}

/** @param {ViewShown} modal */
function drawModal(modal) {
  const id = modal.place.replace(/[^\w-]/g, '_');
  const labels = new Map(modal.blocks.map((block) => [block.block_id, /** @type {any} */ (block).label?.text]));
  const wrong = Object.entries(modal.errors).map(([block, error]) => `${labels.get(block) ?? block}: ${error}`);
  return [
    element(
      'header',
      {},
      element('h2', { id: `${id}-title` }, modal.title),
      element('button', { type: 'button', class: 'quiet cross', 'aria-label': 'Close all', 'data-close': 'all' }, '✕'),
    ),
    element(
      'div',
      { class: 'body', tabindex: '0', role: 'group', 'aria-labelledby': `${id}-title` },
      element('div', { role: 'alert', class: 'unseen' }, wrong.join(' ')),
      modal.trouble && element('p', { class: 'error', role: 'alert' }, modal.trouble),
      drawBlocks(modal.blocks, {
        place: modal.place,
        reader: reader(),
        errors: modal.errors,
        valueOf: valuesOf(modal),
      }),
    ),
    element(
      'footer',
      {},
      element('p', { class: 'working', role: 'status' }, working),
      element(
        'button',
        { type: 'button', class: 'quiet', 'data-close': 'top' },
        modal.close ?? (modal.submit === null ? 'Close' : 'Cancel'),
      ),
      modal.submit !== null && element('button', { type: 'submit', class: 'primary' }, modal.submit),
    ),
  ];
}

const fields = 'input, textarea, select';

/** @param {PersonView} shown */
function drawModals({ modals }) {
  const dialogs = /** @type {HTMLDialogElement[]} */ ([...document.querySelectorAll('dialog.modal')]);
  for (const dialog of dialogs.toReversed())
    if (!modals.some(({ place }) => place === dialog.dataset.place)) {
      if (dialog.contains(byId('notices'))) document.body.append(byId('notices'));
      dialog.close();
      dialog.remove();
      // Chromium gives the focus back, and leaves the caret where nobody can type any more.
      const back = document.activeElement;
      if (back instanceof HTMLElement) {
        back.blur();
        back.focus();
      }
    }
  for (const modal of modals) {
    const open = dialogs.find(({ dataset }) => dataset.place === modal.place);
    const dialog = open ?? element('dialog', { class: 'modal', 'data-place': modal.place });
    dialog.setAttribute('aria-labelledby', `${modal.place.replace(/[^\w-]/g, '_')}-title`);
    if (!open) dialog.append(element('form', { novalidate: true }));
    const form = /** @type {HTMLFormElement} */ (dialog.querySelector('form'));
    update(form, drawModal(modal));
    const errors = JSON.stringify(modal.errors);
    if (!open) {
      document.body.append(dialog);
      /** @type {HTMLDialogElement} */ (dialog).showModal();
      const first = form.querySelector(`.body :is(${fields})`) ?? form.querySelector('footer button:last-child');
      /** @type {HTMLElement} */ (first).focus();
    } else if (errors !== '{}' && errors !== dialog.dataset.errors) {
      const wrong = form.querySelector('[aria-invalid=true]');
      const field = wrong?.matches(fields) ? wrong : wrong?.querySelector(fields);
      if (field instanceof HTMLElement) field.focus();
    }
    dialog.dataset.errors = errors;
  }
}

/** @param {PersonView} shown */
function drawNotices({ notices }) {
  const place = byId('notices');
  // Outside of the top modal nothing can be read or reached.
  const top = [...document.querySelectorAll('dialog.modal')].at(-1) ?? document.body;
  if (place.parentElement !== top) top.append(place);
  update(
    place,
    notices.map(({ id, text: words }) =>
      element(
        'div',
        { 'data-key': id, class: 'notice', role: 'alert' },
        element('p', {}, words),
        element('button', { type: 'button', class: 'quiet', 'data-dismiss': id }, 'Dismiss'),
      ),
    ),
  );
}

/** The last message that was told to be read, by conversation. @type {Map<string, string>} */
const read = new Map();

/** @param {ConversationShown | undefined} here */
function tellRead(here) {
  const last = here?.messages.at(-1)?.ts ?? '';
  if (!here || here.unread === 0 || document.visibilityState !== 'visible' || read.get(here.id) === last) return;
  read.set(here.id, last);
  void act({ kind: 'read', channel: here.id });
}

/** The conversation on the screen. */
let shownConversation = '';

function render() {
  const shown = view;
  if (!shown) return;
  const bot = shown.conversations.find(({ kind }) => kind === 'bot');
  const known = at === 'home' || shown.conversations.some(({ id }) => id === at);
  if (!known) at = (bot ?? shown.conversations[0])?.id ?? 'home';
  const here = shown.conversations.find(({ id }) => id === at);
  const list = byId('messages');
  const follow = shownConversation !== at || list.scrollHeight - list.scrollTop - list.clientHeight < followPx;

  drawTop(shown);
  drawSidebar(shown);
  drawAbout(shown, here);
  byId('home').hidden = at !== 'home';
  list.hidden = composer.hidden = !here;
  if (at === 'home') drawHome(shown);
  if (here) {
    const name = here.kind === 'bot' ? here.name : `#${here.name}`;
    list.setAttribute('aria-label', `Messages in ${name}`);
    text.setAttribute('aria-label', `Message to ${name}`);
    text.placeholder = `Message ${name}, or ${shown.command}`;
    update(list, here.messages.map(drawMessage));
    update(
      byId('shortcut-menu'),
      shown.shortcuts.map(({ callbackId, name: title }) =>
        element('button', { type: 'button', 'data-key': callbackId, 'data-shortcut': callbackId }, title),
      ),
    );
    byId('shortcuts').hidden = shown.shortcuts.length === 0;
    if (shownConversation !== at) {
      text.value = drafts.get(at) ?? '';
      grow();
    }
    if (follow) list.scrollTop = list.scrollHeight;
  }
  shownConversation = at;
  drawModals(shown);
  drawNotices(shown);
  showBusy();
  tellRead(here);
}

/** @param {PersonView} shown */
function show(shown) {
  if (view && shown.revision < view.revision) return;
  view = shown;
  render();
}

// —— what people do

/** The composer grows with its text. */
function grow() {
  text.style.height = 'auto';
  text.style.height = `${Math.min(text.scrollHeight + 2, 160)}px`;
}

/** Apps hear when one of their tabs is opened. */
function tellArrival() {
  if (at === 'home') void act({ kind: 'home' });
  else if (view?.conversations.find(({ id }) => id === at)?.kind === 'bot') void act({ kind: 'messages' });
}

async function compose() {
  const words = text.value.trim();
  const channel = at;
  if (!view || words === '') return;
  const { command } = view;
  const [first = ''] = words.split(/\s/);
  const isCommand = first === command;
  if (first.startsWith('/') && (!isCommand || view.me.outsider)) {
    text.setCustomValidity(`${first} is not a valid command.`);
    text.reportValidity();
    return;
  }
  text.value = '';
  drafts.delete(channel);
  grow();
  const result = await act(
    isCommand
      ? { kind: 'command', channel, text: words.slice(command.length).trim() }
      : { kind: 'message', channel, text: words },
  );
  if (result.error !== 'unreachable') return;
  if (!drafts.has(channel)) drafts.set(channel, words);
  if (at === channel && text.value === '') text.value = words;
}

let submitting = false;
async function submit() {
  if (submitting) return;
  submitting = true;
  await whenFlushed({ kind: 'submit' });
  submitting = false;
}

composer.addEventListener('submit', (event) => {
  event.preventDefault();
  void compose();
});
text.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  void compose();
});
text.addEventListener('input', () => {
  text.setCustomValidity('');
  drafts.set(at, text.value);
  grow();
});

document.addEventListener('input', (event) => void noteInput(event));
document.addEventListener('focusout', () => void flush());

document.addEventListener('click', (event) => {
  const clicked = event.target instanceof Element ? event.target : null;
  const found = (/** @type {string} */ selector) =>
    /** @type {HTMLElement | null} */ (clicked?.closest(selector) ?? null);
  const menu = found('.menu[popover]');
  const pressed = found('[data-press]');
  const shortcut = found('[data-shortcut]')?.dataset.shortcut;
  const dismissed = found('[data-dismiss]')?.dataset.dismiss;
  const closed = found('[data-close]')?.dataset.close;
  if (menu && found('button, a')) menu.hidePopover();
  if (pressed) {
    // A link opens at once, unless they have to be asked.
    if (pressed.dataset.confirm) event.preventDefault();
    void press(pressed);
  }
  if (shortcut) void act({ kind: 'shortcut', callbackId: shortcut });
  if (dismissed) void act({ kind: 'dismiss', notice: dismissed });
  if (closed) void whenFlushed(closed === 'all' ? { kind: 'close', all: true } : { kind: 'close' });
  // To open a tab that is open already tells the app again.
  const address_ = found('a[href^="#"]')?.getAttribute('href');
  if (address_ && address_ === location.hash) tellArrival();
});

document.addEventListener('submit', (event) => {
  const form = /** @type {Element} */ (event.target);
  if (!form.closest('dialog.modal')) return;
  event.preventDefault();
  void submit();
});

document.addEventListener('keydown', (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const modal = target?.closest('dialog.modal');
  if (event.key === 'Escape' && modal) {
    // The browser would close it by itself, and only this one. An open menu takes the key first.
    if (modal.querySelector(':popover-open')) return;
    event.preventDefault();
    void whenFlushed({ kind: 'close' });
  }
  if (event.key !== 'Enter' || event.isComposing || !target?.matches('input[data-holds=text]')) return;
  const { block, where } = whereOf(target);
  if (block.dataset.dispatches === undefined) return;
  event.preventDefault();
  void whenFlushed({ kind: 'press', ...where, value: /** @type {HTMLInputElement} */ (target).value });
});
document.addEventListener(
  'cancel',
  (event) => {
    if (!(event.target instanceof Element) || !event.target.matches('dialog.modal')) return;
    event.preventDefault();
    void whenFlushed({ kind: 'close' });
  },
  true,
);

// Menus open beside their button: the top layer knows no other place.
document.addEventListener(
  'toggle',
  (event) => {
    const menu = event.target;
    if (!(menu instanceof HTMLElement) || !menu.matches('.menu:popover-open')) return;
    const opener = document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
    const box = opener?.getBoundingClientRect();
    if (!box) return;
    const left = Math.min(box.left, innerWidth - menu.offsetWidth - 8);
    const below = box.bottom + 4;
    const top = below + menu.offsetHeight > innerHeight ? box.top - menu.offsetHeight - 4 : below;
    menu.style.left = `${Math.max(8, left)}px`;
    menu.style.top = `${Math.max(8, top)}px`;
  },
  true,
);

addEventListener('hashchange', () => {
  at = decodeURIComponent(location.hash.slice(1));
  render();
  tellArrival();
});
document.addEventListener('visibilitychange', render);

// What scrolls can be scrolled with a keyboard as well.
for (const id of ['home', 'messages']) byId(id).tabIndex = 0;

// —— live

async function start() {
  if (!person) {
    tellConnection('Whose Slack is it? The address says so: /?user=U…');
    return;
  }
  const [navigation] = performance.getEntriesByType('navigation');
  // As in Slack: what only they could see, and what they had begun, is gone.
  if (/** @type {PerformanceNavigationTiming | undefined} */ (navigation)?.type === 'reload')
    await act({ kind: 'reload' });
  await refresh();
  tellArrival();
  const events = new EventSource(address('events'));
  events.addEventListener('message', () => void refresh());
  events.addEventListener('open', () => {
    // Another workspace may be there now, which counts from the beginning.
    if (view) view = { ...view, revision: -1 };
    void refresh();
  });
  events.addEventListener('error', () => tellConnection('Not connected'));
}

void start();
