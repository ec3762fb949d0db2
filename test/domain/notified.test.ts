import { describe, expect, it } from 'vitest';
import type { PersonId } from '../../src/domain/ids.ts';
import { type Side, whoIsTold } from '../../src/domain/notified.ts';
import { defaultRoleSettings, type NotifiedParty, type Recipients } from '../../src/domain/role-settings.ts';

const usual = defaultRoleSettings('resource').notifications.activated;
const [ada, gia, paul] = ['ada', 'gia', 'paul'].map((name) => ({
  id: name as PersonId,
  mail: `${name}@contoso.example`,
})) as [Side['people'][0], Side['people'][0], Side['people'][0]];
const watch = 'watch@contoso.example';

const news = (party: NotifiedParty, ...people: Side['people'][0][]): Side => ({ party, people, critical: false });
const having = (party: NotifiedParty, more: Partial<Recipients>) => ({
  ...usual,
  [party]: { ...usual[party], ...more },
});

/** Whoever is told, and at which addresses. */
const told = (...given: Parameters<typeof whoIsTold>) =>
  whoIsTold(...given).flatMap(({ personIds, addresses }) => [...personIds, ...addresses]);

describe('who is told by a role’s settings', () => {
  const sides = [news('assignee', gia), news('admin', ada, paul)];

  it('is everybody on each side, by default', () => {
    expect(told(usual, sides)).toEqual([gia.id, ada.id, paul.id]);
  });

  it('is nobody on a side that settings take out', () => {
    expect(told(having('admin', { toDefault: false }), sides)).toEqual([gia.id]);
  });

  it('is at other addresses as well, with or without the side itself', () => {
    expect(told(having('admin', { extra: [watch] }), sides)).toEqual([gia.id, ada.id, paul.id, watch]);
    expect(told(having('admin', { toDefault: false, extra: [watch] }), sides)).toEqual([gia.id, watch]);
  });

  it('is nobody on a side that wants only what is critical, unless something is to be done', () => {
    const critical = having('admin', { criticalOnly: true, extra: [watch] });
    expect(told(critical, sides)).toEqual([gia.id]);
    expect(told(critical, [{ ...news('admin', ada), critical: true }])).toEqual([ada.id, watch]);
  });

  it('is nobody twice: on two sides, knowing already, or by their own address', () => {
    expect(told(usual, [news('assignee', gia), news('admin', gia, ada)])).toEqual([gia.id, ada.id]);
    expect(told(usual, sides, [ada])).toEqual([gia.id, paul.id]);
    expect(told(having('assignee', { extra: ['ADA@contoso.example'] }), sides)).toEqual([gia.id, ada.id, paul.id]);
    expect(told(having('assignee', { extra: [ada.mail] }), [news('assignee', gia)], [ada])).toEqual([gia.id]);
  });

  it('is the same address once, whichever sides name it', () => {
    const both = { ...having('admin', { extra: [watch] }), assignee: { ...usual.assignee, extra: [watch] } };
    expect(told(both, sides)).toEqual([gia.id, watch, ada.id, paul.id]);
  });

  it('is at their own address by mail who would not be told otherwise', () => {
    expect(told(having('admin', { toDefault: false, extra: [ada.mail] }), sides)).toEqual([gia.id, ada.mail]);
  });
});
