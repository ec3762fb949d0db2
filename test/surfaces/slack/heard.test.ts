import { describe, expect, it } from 'vitest';
import { pressed, spokenText, submitted, typedText, verbOf } from '../../../src/surfaces/slack/heard.ts';

describe('text that was typed', () => {
  it.each([
    ['  roles  ', 'roles'],
    ['a &lt;b&gt; &amp; c', 'a <b> & c'],
    ['&amp;lt;', '&lt;'],
    ['invite <mailto:guest@partner.example|guest@partner.example> --role x', 'invite guest@partner.example --role x'],
    ['invite <mailto:guest@partner.example>', 'invite guest@partner.example'],
    ['see <https://example.com/a?b=c&amp;d|example.com>', 'see example.com'],
    ['see <https://example.com/a?b=c&amp;d>', 'see https://example.com/a?b=c&d'],
    ['call <tel:+49|+49>', 'call +49'],
    ['', ''],
  ])('%j is read as %j', (text, expected) => {
    expect(typedText(text)).toBe(expected);
  });
});

describe('a message', () => {
  it.each([
    ['<@U0> roles', 'roles'],
    ['<@U0|usher> roles', 'roles'],
    ['roles <@U0>', 'roles'],
    ['<@U0> <@U0> status', 'status'],
    ['<@U0>', ''],
    ['<@U1> roles', '<@U1> roles'],
    ['&lt;@U0&gt; roles', '<@U0> roles'],
  ])('%j says %j to the bot', (text, expected) => {
    expect(spokenText(text, 'U0')).toBe(expected);
  });
});

describe('a shortcut', () => {
  it('of ours is its verb, any other the menu', () => {
    expect(verbOf({ callback_id: 'request-access' } as never)).toBe('roles');
    for (const callback_id of ['', 'constructor', 'approve'])
      expect(typeof verbOf({ callback_id } as never)).toBe('string');
    expect(verbOf({ callback_id: 'another' } as never)).toBe('menu');
  });
});

describe('a press', () => {
  const action = (more: object = {}) => ({ type: 'button', action_id: 'do:0', value: '{"verb":"roles"}', ...more });
  const inMessage = { type: 'message', channel_id: 'D1', message_ts: '1.2', is_ephemeral: false };
  const body = (more: object = {}) =>
    ({ type: 'block_actions', container: inMessage, actions: [action()], response_url: 'http://r', ...more }) as never;

  it.each([
    ['in a message', inMessage, undefined, { at: 'message', channel: 'D1', ts: '1.2' }],
    [
      'in a message that only they see',
      { ...inMessage, is_ephemeral: true },
      undefined,
      { at: 'ephemeral', responseUrl: 'http://r' },
    ],
    ['in a modal', { type: 'view' }, { type: 'modal', id: 'V1' }, { at: 'modal', viewId: 'V1' }],
    ['on Home', { type: 'view' }, { type: 'home', id: 'V1' }, { at: 'home' }],
    ['nowhere', { type: 'message' }, undefined, null],
  ])('happens %s', (_what, container, view, place) => {
    const meant = pressed(body({ container, view }));
    expect('place' in meant ? meant.place : null).toEqual(place);
  });

  it('is its button’s data with the inputs beside it; the data comes first', () => {
    const values = { 'in:verb': { 'in:verb': { type: 'plain_text_input', value: 'approve' } } };
    const meant = pressed(body({ state: { values } }));
    expect(meant).toMatchObject({ kind: 'do', data: { verb: 'roles' } });
  });

  it.each([
    ['a link', action({ value: undefined, url: 'https://x' })],
    ['a field', action({ type: 'static_select' })],
  ])('of %s means nothing', (_what, given) => {
    expect(pressed(body({ actions: [given] }))).toEqual({ kind: 'nothing' });
  });

  it.each(['x', '[]', 'null', 'form:!!!', 'form:AAAA'])(
    'of a card that is too old says nothing of what to do: %j',
    (value) => {
      expect(pressed(body({ actions: [action({ value })] }))).toMatchObject({ kind: 'do', data: {} });
    },
  );

  it('of nothing means nothing', () => {
    expect(pressed(body({ actions: [] }))).toEqual({ kind: 'nothing' });
  });
});

describe('a submission', () => {
  it.each(['', '{}', 'null', 'x', '[]', '{"origin":1}'])('with the metadata %j is none of ours', (private_metadata) => {
    expect(submitted({ view: { private_metadata, state: { values: {} } } } as never)).toBeNull();
  });
});
