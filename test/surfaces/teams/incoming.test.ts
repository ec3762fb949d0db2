import type { Activity } from 'botbuilder';
import { describe, expect, it } from 'vitest';
import { spokenText, understand } from '../../../src/surfaces/teams/incoming.ts';

const bot = { id: '28:bot', name: 'Usher' };
const activity = (more: object): Activity =>
  ({
    type: 'message',
    id: '1700000000000',
    channelId: 'msteams',
    serviceUrl: 'https://smba.trafficmanager.net/emea/',
    localTimezone: 'Europe/Berlin',
    locale: 'de-DE',
    from: { id: '29:gia', name: 'Gia Guest', aadObjectId: 'gia-object' },
    recipient: bot,
    conversation: { id: 'a:1', conversationType: 'personal', tenantId: 'tenant-1' },
    ...more,
  }) as unknown as Activity;

const mention = (text: string, id = bot.id) => ({ type: 'mention', mentioned: { id, name: 'Usher' }, text });

const incoming = (more: object) => {
  const understood = understand(activity(more));
  if (understood.kind !== 'incoming') throw new Error(`understood as ${understood.kind}`);
  return understood.incoming;
};

describe('the text of a message', () => {
  it('loses every mention of the bot', () => {
    const text = '<at>Usher</at> roles <at>Usher</at>\u00a0please';
    expect(spokenText(activity({ text, entities: [mention('<at>Usher</at>')] }))).toBe('roles please');
  });

  it('keeps mentions of other people', () => {
    const text = '<at>Usher</at> help <at>Paul</at>';
    const entities = [mention('<at>Usher</at>'), mention('<at>Paul</at>', '29:paul')];
    expect(spokenText(activity({ text, entities }))).toBe('help <at>Paul</at>');
  });

  it.each([
    [undefined, ''],
    ['', ''],
    [' \u00a0 \t ', ''],
  ])('is empty for %j', (text, expected) => {
    expect(spokenText(activity({ text }))).toBe(expected);
  });

  it('keeps line breaks and letters of any script', () => {
    expect(spokenText(activity({ text: ' роли\n日本語   ünï ' }))).toBe('роли\n日本語 ünï');
  });
});

describe('an activity', () => {
  it('is a message of the one whom the platform names, with where to answer', () => {
    expect(incoming({ text: 'roles' })).toMatchObject({
      key: 'teams:tenant-1:a:1:1700000000000',
      from: { platform: 'teams', tenantId: 'tenant-1', userId: 'gia-object', displayName: 'Gia Guest' },
      personal: true,
      timeZone: 'Europe/Berlin',
      locale: 'de-DE',
      event: { kind: 'message', text: 'roles' },
      address: { platform: 'teams', conversation: { serviceUrl: 'https://smba.trafficmanager.net/emea/' } },
    });
  });

  it.each([
    ['groupChat', undefined],
    ['channel', undefined],
    [undefined, true],
  ])('of a conversation of type %s (group: %s) is not personal', (conversationType, isGroup) => {
    const conversation = { id: 'c', tenantId: 'tenant-1', conversationType, isGroup };
    expect(incoming({ text: 'roles', conversation }).personal).toBe(false);
  });

  it('takes the tenant from the channel data where the conversation has none', () => {
    const channelData = { tenant: { id: 'tenant-2' } };
    expect(incoming({ text: 'x', conversation: { id: 'a' }, channelData }).from.tenantId).toBe('tenant-2');
  });

  it.each([
    ['a user without object id', { from: { id: '29:x' } }],
    ['no user', { from: undefined }],
    ['no tenant', { conversation: { id: 'a' } }],
    ['no conversation id', { conversation: { tenantId: 'tenant-1' } }],
  ])('with %s is nobody’s', (_what, more) => {
    expect(understand(activity({ text: 'roles', ...more })).kind).toBe('nobody');
  });

  it('opens the conversation when the bot is added, and not when somebody else is', () => {
    const added = (id: string) => activity({ type: 'conversationUpdate', membersAdded: [{ id }] });
    expect(understand(added(bot.id))).toMatchObject({ incoming: { event: { kind: 'opened' } } });
    expect(understand(added('29:paul')).kind).toBe('nothing');
  });

  it('does not open the conversation twice: an installation is told beside the bot’s being added', () => {
    expect(understand(activity({ type: 'installationUpdate', action: 'add' })).kind).toBe('nothing');
  });

  it.each(['typing', 'messageReaction', 'endOfConversation', 'event'])('of type %s means nothing', (type) => {
    expect(understand(activity({ type })).kind).toBe('nothing');
  });
});

describe('a click', () => {
  const invoke = (value: unknown, name = 'adaptiveCard/action') =>
    understand(activity({ type: 'invoke', name, value }));

  it('is told by its verb and data', () => {
    expect(invoke({ action: { verb: 'approve', data: { requestId: 'r' } } })).toMatchObject({
      incoming: { event: { kind: 'action', verb: 'approve', data: { requestId: 'r' } } },
    });
  });

  it('of an older client comes as a message with a value', () => {
    expect(understand(activity({ value: { verb: 'approve', requestId: 'r' } }))).toMatchObject({
      incoming: { event: { kind: 'action', verb: 'approve', data: { verb: 'approve', requestId: 'r' } } },
    });
  });

  it('never says who clicks by its data', () => {
    const value = { action: { verb: 'approve', data: { aadObjectId: 'boss', from: { aadObjectId: 'boss' } } } };
    expect(incoming({ type: 'invoke', name: 'adaptiveCard/action', value }).from.userId).toBe('gia-object');
  });

  it.each([
    [null],
    ['approve'],
    [7],
    [['approve']],
    [{}],
    [{ action: 'approve' }],
    [{ action: { verb: '' } }],
    [{ action: { verb: 7 } }],
  ])('with the value %j means nothing', (value) => {
    expect(invoke(value).kind).toBe('nothing');
  });

  it.each([[null], ['data'], [['data']], [7]])('with %j for data has none', (data) => {
    expect(invoke({ action: { verb: 'roles', data } })).toMatchObject({
      incoming: { event: { kind: 'action', verb: 'roles', data: {} } },
    });
  });

  it('of another kind of invoke means nothing', () => {
    expect(invoke({ action: { verb: 'roles' } }, 'task/fetch').kind).toBe('nothing');
  });
});
