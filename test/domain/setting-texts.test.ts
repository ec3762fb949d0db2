import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GroupId, PersonId } from '../../src/domain/ids.ts';
import {
  type Approvers,
  approvalBy,
  notifiedEvents,
  notifiedParties,
  type StepUpRequirement,
} from '../../src/domain/role-settings.ts';
import {
  addressesIn,
  allSettingPaths,
  difference,
  type Nameable,
  type Rules,
  rulesOf,
  textsOf,
} from '../../src/domain/setting-texts.ts';
import { buildSettings, uuid } from '../support/build.ts';

const names: Nameable = {
  people: [1, 2, 3].map((number) => ({ id: uuid(number) as PersonId, mail: `person${number}@fabrikam.example` })),
  groups: ['Board', 'Audit, "inner" circle; all', ' spaced ', 'person1@fabrikam.example', 'group:nested'].map(
    (name, index) => ({ id: uuid(100 + index) as GroupId, name }),
  ),
};
const { version: _, ...defaults } = buildSettings();
const [first, second] = names.people.map(({ id }) => id) as [PersonId, PersonId];
const read = (texts: Record<string, string>) => rulesOf(texts, defaults, names);
const faultOf = (texts: Record<string, string>) => {
  const outcome = read(texts);
  return 'code' in outcome ? outcome : null;
};

const someOf = <T>(list: readonly T[], most: number) => fc.subarray([...list], { maxLength: most });
const approvers: fc.Arbitrary<Approvers> = fc.record({
  personIds: someOf(
    names.people.map(({ id }) => id),
    3,
  ),
  groupIds: someOf(
    names.groups.map(({ id }) => id),
    3,
  ),
});
const stepUp = fc.constantFrom<StepUpRequirement>(
  { kind: 'none' },
  { kind: 'mfa' },
  { kind: 'context', strength: 'passkey' },
);
const stage = approvers.chain((who) =>
  fc.record({
    approvers: fc.constant(who),
    quorum: fc.integer({ min: 1, max: who.groupIds.length === 0 ? Math.max(1, who.personIds.length) : 20 }),
    backups: approvers,
    backupAfterMinutes: fc.integer({ min: 5, max: 7 * 1440 }),
  }),
);
const recipients = fc.record({
  toDefault: fc.boolean(),
  extra: someOf(['a@b.example', 'list+all@groups.io', "o'hara@c.example"], 3),
  criticalOnly: fc.boolean(),
});
const each = <T, K extends string>(keys: readonly K[], value: fc.Arbitrary<T>) =>
  fc.record(Object.fromEntries(keys.map((key) => [key, value])) as Record<K, fc.Arbitrary<T>>);
const rules: fc.Arbitrary<Rules> = fc.record({
  activationMaximumMinutes: fc.integer({ min: 1, max: 48 }).map((halves) => halves * 30),
  activationRequires: stepUp,
  justificationRequired: fc.boolean(),
  ticketRequired: fc.boolean(),
  approval: fc.option(
    fc.record({
      stages: fc.array(stage, { minLength: 1, maxLength: 3 }) as fc.Arbitrary<never>,
      decidingRequires: stepUp,
    }),
  ),
  breakGlass: approvers,
  requestLifetimeMinutes: fc.integer({ min: 30, max: 30 * 1440 }),
  permanentEligibleAllowed: fc.boolean(),
  eligibleMaximumMinutes: fc.integer({ min: 60, max: 3650 * 1440 }),
  permanentActiveAllowed: fc.boolean(),
  activeMaximumMinutes: fc.integer({ min: 60, max: 3650 * 1440 }),
  activeAssignmentRequires: stepUp,
  activeJustificationRequired: fc.boolean(),
  notifications: each(notifiedEvents, each(notifiedParties, recipients)) as fc.Arbitrary<Rules['notifications']>,
});

describe('settings as texts', () => {
  it('are the same settings when they are read again', () => {
    fc.assert(
      fc.property(rules, (value) => {
        expect(read(textsOf(value, names))).toEqual(value);
      }),
      { numRuns: 300 },
    );
  });

  it('differ in exactly the lines of what differs, and each line leads from one to the other', () => {
    fc.assert(
      fc.property(rules, rules, (one, other) => {
        const lines = difference(one, other, names);
        const texts = { ...textsOf(one, names) };
        for (const { path, before, after } of lines) {
          expect(before).not.toBe(after);
          if (after === null) delete texts[path];
          else texts[path] = after;
        }
        expect(read(texts)).toEqual(other);
        expect(difference(one, one, names)).toEqual([]);
      }),
    );
  });

  it('have a path for every text', () => {
    const stages = approvalBy([first])?.stages.concat(approvalBy([second]).stages, approvalBy([]).stages);
    const texts = textsOf({ ...defaults, approval: { ...approvalBy([]), stages: stages as never } }, names);
    expect(Object.keys(texts)).toEqual(allSettingPaths);
  });

  it('are read as people write them', () => {
    expect(
      read({
        'activation.maximum': '4h',
        'activation.require': 'mfa',
        'activation.ticket': ' Yes ',
        'approval.required': 'true',
        'approval.stage1.approvers': 'Person1@Fabrikam.example; board, group:Board',
        'approval.stage2.quorum': '1',
        'eligible.maximum': '1 week',
        'notifications.activated.admin.to': 'Named,critical only',
        'notifications.activated.admin.extra': 'SOC@fabrikam.example, soc@fabrikam.example',
      }),
    ).toMatchObject({
      activationMaximumMinutes: 240,
      activationRequires: { kind: 'mfa' },
      ticketRequired: true,
      approval: {
        stages: [
          { approvers: { personIds: [first], groupIds: [names.groups[0]?.id] }, quorum: 1, backupAfterMinutes: 30 },
          { approvers: { personIds: [], groupIds: [] } },
        ],
      },
      eligibleMaximumMinutes: 7 * 1440,
      notifications: {
        activated: { admin: { toDefault: false, criticalOnly: true, extra: ['soc@fabrikam.example'] } },
      },
    });
  });

  it('that are empty are the defaults, and name nobody', () => {
    expect(read(Object.fromEntries(allSettingPaths.map((path) => [path, ''])))).toEqual(defaults);
  });

  it('take a person’s address for the person, whatever a group is called', () => {
    const decide = (text: string) => read({ 'approval.required': 'on', 'approval.stage1.approvers': text });
    const stageOf = (approval: Approvers) => ({ approval: { stages: [{ approvers: approval }] } });
    expect(decide('person1@fabrikam.example')).toMatchObject(stageOf({ personIds: [first], groupIds: [] }));
    expect(decide('group:person1@fabrikam.example')).toMatchObject(
      stageOf({ personIds: [], groupIds: [names.groups[3]?.id as GroupId] }),
    );
  });

  it('name the addresses of approvers, and nobody else’s', () => {
    const approval = {
      'approval.stage1.approvers': 'A@b.example, Board',
      'approval.stage2.backups': '"group:x@y", c@d.example',
    };
    expect(addressesIn({ ...approval, 'notifications.activated.admin.extra': 'e@f.example' })).toEqual([
      'a@b.example',
      'c@d.example',
    ]);
  });

  it.each([
    ['activation.maximum', '45m', 'setting-out-of-range'],
    ['activation.maximum', '24h30m', 'setting-out-of-range'],
    ['activation.maximum', 'long', 'setting-unreadable'],
    ['activation.require', 'fingerprint', 'setting-unreadable'],
    ['activation.justification', '1', 'setting-unreadable'],
    ['approval.lifetime', '5m', 'setting-out-of-range'],
    ['approval.stage1.approvers', 'nobody@fabrikam.example', 'approver-unknown'],
    ['approval.stage1.approvers', 'group:person2@fabrikam.example', 'approver-unknown'],
    ['approval.stage1.quorum', '0', 'setting-unreadable'],
    ['approval.stage1.quorum', '1.5', 'setting-unreadable'],
    ['approval.stage2.backupAfter', '1m', 'setting-out-of-range'],
    ['eligible.maximum', '9999d', 'setting-out-of-range'],
    ['active.maximum', '30m', 'setting-out-of-range'],
    ['notifications.activated.admin.to', 'everybody', 'setting-unreadable'],
    ['notifications.activated.admin.extra', 'a@b.example, c@', 'setting-address-invalid'],
    ['__proto__.x', 'y', 'setting-unknown'],
  ])('%s: %s is refused at its place', (path, text, code) => {
    expect(faultOf({ 'approval.required': 'on', [path]: text })).toMatchObject({ code, path });
  });

  it('ask no more people to approve than are named', () => {
    const quorum = (approvers: string) =>
      faultOf({ 'approval.required': 'on', 'approval.stage1.approvers': approvers, 'approval.stage1.quorum': '2' });
    expect(quorum('person1@fabrikam.example')).toMatchObject({ code: 'quorum-too-high', quorum: 2, approvers: 1 });
    expect(quorum('person1@fabrikam.example, person2@fabrikam.example')).toBeNull();
    expect(quorum('person1@fabrikam.example, Board')).toBeNull();
  });
});
