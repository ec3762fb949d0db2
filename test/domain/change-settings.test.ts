import { describe, expect, it } from 'vitest';
import { changedLines, edited, hasOwn, proposeSettings, saveSettings } from '../../src/domain/change-settings.ts';
import type { RequestId, RoleId } from '../../src/domain/ids.ts';
import { directoryScope } from '../../src/domain/scope.ts';
import type { Rules } from '../../src/domain/setting-texts.ts';
import type { StoredSettings } from '../../src/domain/stored-settings.ts';
import {
  buildActor,
  buildContext,
  buildRequest,
  buildSettings,
  buildSettingsProposal,
  buildSettingsState,
  ids,
  minutesIn,
} from '../support/build.ts';

const rulesWith = (differs: Partial<Rules>): Rules => {
  const { version: _, ...rules } = buildSettings(differs);
  return rules;
};
const stored = (differs: Partial<StoredSettings> = {}): StoredSettings => ({
  roleId: ids.role,
  scopeId: ids.expenses,
  audience: 'everyone',
  version: 1,
  rules: rulesWith({ activationMaximumMinutes: 60 }),
  ...differs,
});
const above = stored({ scopeId: directoryScope, version: 4, rules: rulesWith({ activationMaximumMinutes: 120 }) });

describe('settings in force', () => {
  it.each([
    ['nowhere set', [], 480, null, 'defaults'],
    ['set above', [above], 120, directoryScope, 'e2.4'],
    ['set here and above', [stored(), above], 60, ids.expenses, 'e0.1 e2.4'],
    ['taken back here', [stored({ version: 2, rules: null }), above], 120, directoryScope, 'e0.2 e2.4'],
    ['set for guests only', [stored({ audience: 'guests' })], 480, null, 'defaults'],
  ])('%s', (_what, rows, minutes, from, basis) => {
    const { inForce } = buildSettingsState(rows);
    expect(inForce).toMatchObject({ settings: { activationMaximumMinutes: minutes }, basis });
    expect(inForce.from?.scope.id ?? null).toBe(from);
  });

  it('for guests are the nearest for guests, wherever others’ are nearer; else everyone’s', () => {
    const forGuests = stored({
      scopeId: directoryScope,
      audience: 'guests',
      version: 2,
      rules: rulesWith({ ticketRequired: true }),
    });
    const { inForce } = buildSettingsState([stored(), forGuests], 'guests');
    expect(inForce).toMatchObject({ settings: { ticketRequired: true, version: 2 }, from: { audience: 'guests' } });
    expect(buildSettingsState([stored()], 'guests').inForce).toMatchObject({
      settings: { activationMaximumMinutes: 60 },
      from: { audience: 'everyone' },
      ownVersion: 0,
    });
  });
});

describe('a change of settings', () => {
  const context = buildContext();
  const propose = (
    state = buildSettingsState(),
    differs: Partial<Rules> | null = { ticketRequired: true },
    basis: string | null = null,
  ) => proposeSettings(state, { rules: differs && rulesWith(differs), basis }, ids.member, context);
  const save = (
    state = buildSettingsState(),
    differs = {},
    by = ids.member as typeof ids.member | typeof ids.guest,
    now = minutesIn(59),
    waiting: Parameters<typeof saveSettings>[3] = [],
  ) => saveSettings(state, buildSettingsProposal(differs), by, waiting, buildActor(), buildContext(now));

  it('is told to others, and has requests of the role that wait looked at for whom it newly names', () => {
    const waiting = [
      buildRequest({ id: 'waits' as RequestId }),
      buildRequest({ id: 'extends' as RequestId, action: 'selfExtend' }),
      buildRequest({ id: 'other' as RequestId, roleId: 'other' as RoleId }),
    ];
    const { change } = save(buildSettingsState(), { ticketRequired: true }, ids.member, minutesIn(59), waiting);
    expect(change.deadlines).toEqual([{ kind: 'ask', subjectId: 'waits', dueAt: minutesIn(59) }]);
    expect(change.events).toMatchObject([{ type: 'settings-changed', by: ids.member }]);
    expect(change.put).toContainEqual(
      expect.objectContaining({
        entity: 'SettingsChange',
        value: expect.objectContaining({ lines: [{ path: 'activation.ticket', before: 'off', after: 'on' }] }),
      }),
    );
  });

  it('is looked at before it is saved', () => {
    expect(propose()).toMatchObject({
      accepted: true,
      change: {
        put: [
          {
            entity: 'SettingsProposal',
            value: { personId: ids.member, basis: 'defaults', rules: { ticketRequired: true } },
          },
        ],
        audit: [],
      },
    });
  });

  it('that changes nothing is refused', () => {
    expect(propose(undefined, {})).toMatchObject({ refusal: { code: 'settings-unchanged' } });
    expect(propose(buildSettingsState([above]), null)).toMatchObject({ refusal: { code: 'settings-unchanged' } });
  });

  it('is refused when the form was filled from a state that has moved', () => {
    expect(propose(buildSettingsState([above]), undefined, 'e2.3')).toMatchObject({
      refusal: { code: 'settings-moved' },
    });
    expect(propose(buildSettingsState([above]), undefined, 'e2.4')).toMatchObject({ accepted: true });
  });

  it('is the scope’s own from then on, with before and after on the record', () => {
    expect(save(buildSettingsState([above]), { basis: 'e2.4' })).toMatchObject({
      accepted: true,
      answer: { version: 1 },
      change: {
        put: [
          { entity: 'RoleSettings', value: { scopeId: ids.expenses, version: 1, rules: { ticketRequired: true } } },
          { entity: 'SettingsChange', value: { personId: ids.member, inherit: false } },
        ],
        audit: [
          {
            action: 'settings.change',
            role: 'Reader',
            scope: 'rg-expenses',
            actor: buildActor(),
            details: {
              audience: 'everyone',
              version: 1,
              own: true,
              'before.activation.maximum': '2 hours',
              'after.activation.maximum': '8 hours',
              'before.activation.ticket': 'off',
              'after.activation.ticket': 'on',
            },
          },
        ],
      },
    });
  });

  it('that takes the scope’s own back falls to the ones above, and never uses a version again', () => {
    const state = buildSettingsState([stored(), above]);
    expect(hasOwn(state)).toBe(true);
    expect(changedLines(state, null)).toEqual([{ path: 'activation.maximum', before: '1 hour', after: '2 hours' }]);
    expect(save(state, { basis: 'e0.1 e2.4', rules: null })).toMatchObject({
      change: {
        put: [{ value: { version: 2, rules: null } }, { value: { inherit: true } }],
        audit: [{ details: { own: false } }],
      },
    });
    const after = buildSettingsState([stored({ version: 2, rules: null }), above]);
    expect(hasOwn(after)).toBe(false);
    expect(save(after, { basis: 'e0.2 e2.4' })).toMatchObject({ answer: { version: 3 } });
  });

  it.each([
    ['somebody else’s', save(undefined, {}, ids.guest), 'proposal-unknown'],
    ['one of an hour ago', save(undefined, {}, ids.member, minutesIn(60)), 'proposal-unknown'],
    ['one from another state', save(buildSettingsState([stored()])), 'settings-moved'],
    ['one saved before', save(buildSettingsState([stored({ version: 2 })]), { basis: 'e0.1' }), 'settings-moved'],
  ])('is not saved when it is %s', (_what, outcome, code) => {
    expect(outcome).toMatchObject({ accepted: false, refusal: { code }, change: { put: [], audit: [] } });
  });

  it('of some settings leaves the others as they are in force', () => {
    const state = buildSettingsState([above]);
    expect(edited(state.inForce.settings, { 'activation.ticket': 'on' }, state)).toEqual(
      rulesWith({ activationMaximumMinutes: 120, ticketRequired: true }),
    );
  });
});
