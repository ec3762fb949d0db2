import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AuditEntry, type AuditFact, chain, firstBreak, genesisHash, hashOf } from '../../src/domain/audit.ts';
import { buildActor, ids, minutesIn, noon } from '../support/build.ts';

const genesis = { sequence: 0, hash: genesisHash };

const buildFact = (parts: Partial<AuditFact> = {}): AuditFact => ({
  action: 'activation.approve',
  actor: buildActor({ personId: ids.approver }),
  subjectId: ids.guest,
  role: 'Reader',
  scope: 'rg-expenses',
  requestId: ids.request,
  result: 'success',
  reason: 'Fine',
  details: { minutes: 480, assignment: ids.active, ticket: null, late: false },
  ...parts,
});

const five = chain(
  genesis,
  [1, 2, 3, 4, 5].map((number) => buildFact({ reason: `reason ${number}` })),
  noon,
);

const replacing = (index: number, change: (entry: AuditEntry) => AuditEntry): AuditEntry[] =>
  five.map((entry, place) => (place === index ? change(entry) : entry));

/** One way to falsify each thing that an entry says. */
const changes: Record<string, (entry: AuditEntry) => AuditEntry> = {
  action: (entry) => ({ ...entry, action: 'activation.deny' }),
  'actor.personId': (entry) => ({ ...entry, actor: { ...entry.actor, personId: ids.guest } }),
  'actor.surface': (entry) => ({ ...entry, actor: { ...entry.actor, surface: 'web' } }),
  'actor.account': (entry) => ({ ...entry, actor: { ...entry.actor, account: null } }),
  subjectId: (entry) => ({ ...entry, subjectId: ids.member }),
  role: (entry) => ({ ...entry, role: 'Owner' }),
  scope: (entry) => ({ ...entry, scope: null }),
  requestId: (entry) => ({ ...entry, requestId: null }),
  result: (entry) => ({ ...entry, result: 'failure' }),
  reason: (entry) => ({ ...entry, reason: `${entry.reason} ` }),
  'details: another value': (entry) => ({ ...entry, details: { ...entry.details, minutes: 30 } }),
  'details: another type': (entry) => ({ ...entry, details: { ...entry.details, minutes: '480' } }),
  'details: one more': (entry) => ({ ...entry, details: { ...entry.details, more: true } }),
  'details: one less': (entry) => ({ ...entry, details: { minutes: 480 } }),
  at: (entry) => ({ ...entry, at: new Date(entry.at.getTime() + 1) }),
  previousHash: (entry) => ({ ...entry, previousHash: genesisHash }),
  hash: (entry) => ({ ...entry, hash: genesisHash }),
};

describe('the chain of the record', () => {
  it('numbers the facts in order', () => {
    expect(five.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
  });

  it('ties the first entry to the head that it follows', () => {
    expect(five[0]?.previousHash).toBe(genesisHash);
  });

  it('ties every other entry to the one before', () => {
    expect(five.slice(1).map(({ previousHash }) => previousHash)).toEqual(five.slice(0, -1).map(({ hash }) => hash));
  });

  it('goes on after what is there as if it had been written at once', () => {
    const first = chain(genesis, [buildFact({ reason: 'a' })], noon);
    const second = chain(first[0] ?? genesis, [buildFact({ reason: 'b' })], noon);
    expect([...first, ...second]).toEqual(
      chain(genesis, [buildFact({ reason: 'a' }), buildFact({ reason: 'b' })], noon),
    );
  });

  it('says what the facts say', () => {
    expect(five[2]).toMatchObject({ ...buildFact({ reason: 'reason 3' }), at: noon });
  });

  it('is unbroken as written', () => {
    expect(firstBreak(genesis, five)).toBeNull();
  });

  it('is unbroken when nothing is in it', () => {
    expect(firstBreak(genesis, [])).toBeNull();
  });

  it('is unbroken page by page', () => {
    expect(firstBreak(five[1] ?? genesis, five.slice(2))).toBeNull();
  });

  it('is unbroken when the store gives the details in another order', () => {
    const reordered = replacing(2, (entry) => ({
      ...entry,
      details: Object.fromEntries(Object.entries(entry.details).reverse()),
      actor: { account: entry.actor.account, surface: entry.actor.surface, personId: entry.actor.personId },
    }));
    expect(firstBreak(genesis, reordered)).toBeNull();
  });

  it('is unbroken after a way through JSON, for any text and number', () => {
    const values = fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean(), fc.constant(null));
    const facts = fc.record({ reason: fc.string({ unit: 'grapheme' }), details: fc.dictionary(fc.string(), values) });
    fc.assert(
      fc.property(fc.array(facts, { maxLength: 5 }), (parts) => {
        const written = chain(genesis, parts.map(buildFact), minutesIn(1));
        const read = (JSON.parse(JSON.stringify(written)) as AuditEntry[]).map((entry) => ({
          ...entry,
          at: new Date(entry.at),
        }));
        expect(firstBreak(genesis, read)).toBeNull();
      }),
    );
  });
});

describe('a changed entry', () => {
  it.each(Object.keys(changes))('is found and named: %s', (field) => {
    const changed = replacing(2, (entry) => changes[field]?.(entry) ?? entry);
    expect(firstBreak(genesis, changed)).toEqual({ sequence: 3, fault: 'changed' });
  });

  it('is found whichever field it is', () => {
    const covered = new Set(Object.keys(changes).map((name) => name.split(/[.:]/)[0]));
    expect(Object.keys(five[0] ?? {}).filter((field) => !covered.has(field))).toEqual(['sequence']);
  });

  it('is found wherever it is', () => {
    fc.assert(
      fc.property(fc.nat({ max: 4 }), fc.constantFrom(...Object.keys(changes)), (index, field) => {
        const changed = replacing(index, (entry) => changes[field]?.(entry) ?? entry);
        // The hash of the genesis is what the first entry follows.
        if (index === 0 && field === 'previousHash') return;
        expect(firstBreak(genesis, changed)).toEqual({ sequence: index + 1, fault: 'changed' });
      }),
    );
  });

  it('is found by its follower when its own hash was made to fit', () => {
    const forged = replacing(2, (entry) => {
      const open = { ...entry, reason: 'forged' };
      return { ...open, hash: hashOf(open) };
    });
    expect(firstBreak(genesis, forged)?.sequence).toBe(4);
  });

  it('is named before a later one', () => {
    const twice = replacing(1, (entry) => ({ ...entry, reason: 'forged' })).map((entry, index) =>
      index === 3 ? { ...entry, reason: 'forged' } : entry,
    );
    expect(firstBreak(genesis, twice)).toEqual({ sequence: 2, fault: 'changed' });
  });
});

describe('a missing entry', () => {
  it.each([1, 2, 3, 4])('is found and named: number %i', (sequence) => {
    const rest = five.filter((entry) => entry.sequence !== sequence);
    expect(firstBreak(genesis, rest)).toEqual({ sequence, fault: 'missing' });
  });

  it('is found when those after it were numbered anew', () => {
    const renumbered = five
      .filter((entry) => entry.sequence !== 3)
      .map((entry, index) => ({ ...entry, sequence: index + 1 }));
    expect(firstBreak(genesis, renumbered)?.sequence).toBe(3);
  });

  it('is found when two have changed places', () => {
    const [first, second, third] = five as [AuditEntry, AuditEntry, AuditEntry];
    expect(firstBreak(genesis, [first, third, second])).toEqual({ sequence: 2, fault: 'missing' });
  });
});
