import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoOrganisation, personas, secondApprover, seedDemo } from '../../dev/demo-organisation.ts';
import { activate } from '../../src/commands/activate.ts';
import { assign, unassign, update } from '../../src/commands/administer.ts';
import { verifyChain } from '../../src/commands/audit.ts';
import { approve, deny } from '../../src/commands/decide.ts';
import { createExtending } from '../../src/commands/extend.ts';
import { cancel, deactivate } from '../../src/commands/give-up.ts';
import { createGroup } from '../../src/commands/groups.ts';
import { type Options, startUsher, type Usher } from '../../src/compose.ts';
import type { EligibleAssignment } from '../../src/domain/assignment.ts';
import { accept } from '../../src/domain/change.ts';
import type { ChatAccount } from '../../src/domain/chat-account.ts';
import { addMinutes } from '../../src/domain/duration.ts';
import { usualSpans } from '../../src/domain/extend.ts';
import { groupScope } from '../../src/domain/group.ts';
import type { AssignmentId, GroupId, PersonId, RoleId, ScopeId } from '../../src/domain/ids.ts';
import type { Person } from '../../src/domain/person.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { member } from '../../src/store/bootstrap.ts';
import { RetryLater } from '../../src/surfaces/surface.ts';
import { eventually } from '../support/eventually.ts';
import { type Services, servicesAtHand, soon, testConfig, untilSeeded } from '../support/usher.ts';

/** What happens, in a sequence that nobody has thought of. */
type Happening =
  | { readonly do: 'activate'; readonly who: number; readonly which: number; readonly minutes: number }
  | { readonly do: 'decide'; readonly by: number; readonly which: number; readonly approve: boolean }
  | { readonly do: 'cancel' | 'deactivate'; readonly who: number; readonly which: number }
  | {
      readonly do: 'assign';
      readonly who: number;
      readonly which: number;
      readonly kind: 'eligible' | 'active';
      readonly days: number;
      /** Minutes until it begins. */
      readonly ahead: number;
    }
  | { readonly do: 'update'; readonly which: number; readonly minutes: number }
  | { readonly do: 'unassign'; readonly which: number }
  | { readonly do: 'extend' | 'renew'; readonly which: number; readonly own: boolean }
  | { readonly do: 'pass'; readonly minutes: number }
  /** The queue takes nothing; the process dies after a commit; the target system does it and does not answer, or refuses for now. */
  | { readonly do: 'lose' | 'die' | 'cut' | 'busy' };

const index = fc.nat({ max: 5 });
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('activate' as const),
      who: index,
      which: index,
      minutes: fc.constantFrom(30, 60, 480),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('decide' as const), by: index, which: index, approve: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('cancel' as const, 'deactivate' as const), who: index, which: index }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('assign' as const),
      who: index,
      which: index,
      kind: fc.constantFrom('eligible' as const, 'active' as const),
      days: fc.constantFrom(1, 3),
      ahead: fc.constantFrom(0, 0, 45),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('update' as const), which: index, minutes: fc.constantFrom(40, 4320) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('unassign' as const), which: index }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('extend' as const, 'renew' as const),
      which: index,
      own: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('pass' as const), minutes: fc.constantFrom(-3, 1, 6, 31, 500, 1500) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('lose' as const, 'die' as const, 'cut' as const, 'busy' as const) }),
  },
);

/** Each comes once for each time that it was asked for. */
class Troubles {
  private readonly waiting = new Map<string, number>();
  ask(what: string): void {
    this.waiting.set(what, (this.waiting.get(what) ?? 0) + 1);
  }
  strikes(what: string): boolean {
    const left = this.waiting.get(what) ?? 0;
    if (left > 0) this.waiting.set(what, left - 1);
    return left > 0;
  }
  calm(): void {
    this.waiting.clear();
  }
}

describe('after any sequence of commands, crashes and clock jumps', () => {
  const dir = mkdtempSync(join(tmpdir(), 'usher-any-'));
  const troubles = new Troubles();
  let ahead = 0;
  let furthest = 0;
  const now = () => new Date(Date.now() + ahead);
  let services: Services;
  let usher: Usher;
  let requesters: readonly Person[];
  let deciders: readonly Person[];
  let admin: Person;
  let crew: GroupId;
  let events = 0;
  const expenses = '/subscriptions/finance/resourceGroups/rg-expenses' as ScopeId;
  const receipts = `${expenses}/storageAccounts/receipts` as ScopeId;

  const wrap: NonNullable<Options['wrap']> = {
    mail: (mail) => ({ ...mail, send: async () => undefined }),
    dispatch: (dispatch) => async (owed) => {
      if (!troubles.strikes('lose')) await dispatch(owed);
    },
    writes: (writes) => ({
      commit: async (batch) => {
        const owed = await writes.commit(batch);
        if (batch.answer && troubles.strikes('die')) throw new Error('dead');
        return owed;
      },
    }),
    connector: (connector) => ({
      ...connector,
      apply: async (wishes) => {
        if (troubles.strikes('busy')) throw new RetryLater('busy', null);
        const applied = await connector.apply(wishes);
        if (troubles.strikes('cut')) throw new RetryLater('cut off', null);
        return applied;
      },
    }),
  };

  beforeAll(async () => {
    services = await servicesAtHand();
    const config = { ...testConfig({ openIdMetadataUrl: 'http://127.0.0.1:9/' }, dir, services.env), teams: null };
    usher = await startUsher({
      config,
      log: createLogger(config.logLevel),
      clock: now,
      organisation: demoOrganisation,
      seed: seedDemo,
      // It waits for a sweep after each sequence.
      sweeping: { ...soon, everyMs: 400 },
      wrap,
    });
    await untilSeeded(usher);
    const { reads, writes } = usher;
    const known = async (mail: string) => (await reads.personByMail(mail)) as Person;
    deciders = [await known(personas[1].email), await known(secondApprover.email), await known(personas[2].email)];
    admin = deciders[2] as Person;
    const made = ['ann', 'bob'].map((name) =>
      member(randomUUID() as PersonId, { displayName: name, mail: `${name}@contoso.example`, objectId: null }, now()),
    );
    requesters = [...made, deciders[0] as Person];
    const eligible = (principalId: PersonId, roleId: string, scopeId: string, days: number): EligibleAssignment => ({
      id: randomUUID() as AssignmentId,
      version: 1,
      kind: 'eligible',
      principalKind: 'person',
      principalId,
      roleId: roleId as RoleId,
      scopeId: scopeId as ScopeId,
      startsAt: now(),
      endsAt: addMinutes(now(), days * 1440),
      state: { status: 'InForce' },
    });
    const eligibles = requesters.flatMap(({ id }) => [
      eligible(id, 'contributor', expenses, 3650),
      eligible(id, 'reader', expenses, 3650),
      eligible(id, 'reader', receipts, 2),
    ]);
    await writes.commit({
      at: now(),
      changes: [
        accept(null, {
          put: [
            ...made.map((value) => ({ entity: 'Person' as const, value })),
            ...eligibles.map((value) => ({ entity: 'Assignment' as const, value })),
          ],
          deadlines: eligibles.map(({ id, endsAt }) => ({
            kind: 'end' as const,
            subjectId: id,
            dueAt: endsAt as Date,
          })),
        }).change,
      ],
      telling: { posts: [], refresh: [] },
    });
    const group = { name: 'Crew', roleAssignable: 'yes' };
    const created = await usher.pipeline.execute(createGroup, { caller: callerOf(admin), input: group, key: key() });
    if (!created.accepted) throw new Error(created.refusal.code);
    crew = created.answer.groupId;
    await settled();
  });
  afterAll(async () => {
    await usher?.stop();
    await services?.dispose();
    rmSync(dir, { recursive: true, force: true });
  });

  const callerOf = (person: Person) => ({
    by: 'chat' as const,
    account: { platform: 'teams', tenantId: 't', userId: person.id, personId: person.id } as unknown as ChatAccount,
  });
  const one = <T>(list: readonly T[], at: number): T | undefined => list[at % Math.max(1, list.length)];
  const key = () => {
    events += 1;
    return `any:${events}`;
  };

  /** As if the process had died and the platform had delivered it again. */
  const surviving = async (act: (key: string) => Promise<unknown>): Promise<void> => {
    const same = key();
    await act(same).catch((error: Error) => {
      if (error.message !== 'dead') throw error;
      return act(same);
    });
  };

  const extending = createExtending(usualSpans);

  /** What was assigned directly, but for what the installation began with. */
  const assigned = (...statuses: string[]) =>
    usher.prisma.assignment.findMany({
      where: { eligibilityId: null, status: { in: statuses }, principalId: { not: admin.id } },
      orderBy: { id: 'asc' },
    });

  async function happen(what: Happening): Promise<void> {
    const { execute } = usher.pipeline;
    const { reads } = usher;
    switch (what.do) {
      case 'activate': {
        const person = one(requesters, what.who) as Person;
        const eligible = one(await reads.eligiblesFor(person.id, now()), what.which);
        const input = { assignmentId: eligible?.id, duration: String(what.minutes), justification: 'why not' };
        return surviving((key) => execute(activate, { caller: callerOf(person), input, key }));
      }
      case 'decide': {
        const request = one(await reads.pendingRequests(), what.which);
        const by = one([...deciders, ...requesters], what.by) as Person;
        const input = { requestId: request?.id ?? '', justification: 'as good as any' };
        return surviving((key) => execute(what.approve ? approve : deny, { caller: callerOf(by), input, key }));
      }
      case 'cancel': {
        const person = one(requesters, what.who) as Person;
        const own = (await reads.pendingRequests()).filter(({ principalId }) => principalId === person.id);
        const input = { requestId: one(own, what.which)?.id ?? '' };
        return surviving((key) => execute(cancel, { caller: callerOf(person), input, key }));
      }
      case 'deactivate': {
        const person = one(requesters, what.who) as Person;
        const input = { assignmentId: one(await reads.openActivesOf(person.id), what.which)?.id ?? '' };
        return surviving((key) => execute(deactivate, { caller: callerOf(person), input, key }));
      }
      case 'assign': {
        const places = [
          ['contributor', expenses],
          ['reader', receipts],
          ['groupMember', groupScope(crew)],
        ] as const;
        const [role, scope] = one(places, what.which) as (typeof places)[number];
        const input = {
          principal: one([...requesters.map(({ mail }) => mail), 'Crew'], what.who),
          role,
          scope,
          kind: what.kind,
          duration: `${what.days}d`,
          from: what.ahead ? addMinutes(now(), what.ahead).toISOString() : '',
          justification: 'who knows',
        };
        return surviving((key) => execute(assign, { caller: callerOf(admin), input, key }));
      }
      case 'update': {
        const assignmentId = one(await assigned('InForce', 'Scheduled', 'Active'), what.which)?.id ?? '';
        const input = { assignmentId, duration: `${what.minutes}m`, justification: 'moved' };
        return surviving((key) => execute(update, { caller: callerOf(admin), input, key }));
      }
      case 'unassign': {
        const open = await assigned('InForce', 'Scheduled', 'Provisioning', 'Active', 'Extending');
        const input = { assignmentId: one(open, what.which)?.id ?? '', justification: 'no more' };
        return surviving((key) => execute(unassign, { caller: callerOf(admin), input, key }));
      }
      case 'extend':
      case 'renew': {
        const meant = one(await (what.do === 'renew' ? assigned('Ended') : assigned('InForce', 'Active')), what.which);
        const holder = requesters.find(({ id }) => id === meant?.principalId);
        const input = { assignmentId: meant?.id, duration: '3d', justification: 'not done yet' };
        const caller = callerOf(what.own && holder ? holder : admin);
        return surviving((key) => execute(extending[what.do], { caller, input, key }));
      }
      case 'pass':
        ahead += what.minutes * 60_000;
        furthest = Math.max(furthest, ahead);
        return;
      default:
        troubles.ask(what.do);
    }
  }

  /** Nothing is due, and nothing is on its way. */
  const settled = () =>
    eventually(
      async () => {
        const { prisma } = usher;
        const due = await prisma.deadline.count({ where: { dueAt: { lte: now() } } });
        const moving = await prisma.assignment.count({
          where: { status: { in: ['Provisioning', 'Extending', 'Revoking'] } },
        });
        return due + moving === 0;
      },
      'everything is as it should be',
      120_000,
    );

  it('the target system grants what an assignment in force justifies, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 8, maxLength: 20 }), async (sequence) => {
        for (const what of sequence) await happen(what);
        troubles.calm();
        await settled();
        const { prisma, reads } = usher;
        const byId = <T extends readonly [string, ...unknown[]]>(rows: T[]) =>
          rows.sort(([a], [b]) => (a < b ? -1 : 1));
        const grants = await prisma.directoryGrant.findMany();
        const inForce = await prisma.assignment.findMany({ where: { kind: 'active', status: 'Active' } });
        expect(byId(grants.map((grant) => [grant.assignmentId, grant.endsAt]))).toEqual(
          byId(inForce.map(({ id, endsAt }) => [id, endsAt])),
        );
        const isMember = (personId: string) =>
          inForce.some((held) => held.principalId === personId && held.scopeId === groupScope(crew));
        for (const { startsAt, endsAt, eligibilityId, principalId } of inForce) {
          // By the clock as it once was.
          expect(startsAt.getTime()).toBeLessThanOrEqual(Date.now() + furthest);
          expect(endsAt === null || endsAt > now()).toBe(true);
          if (eligibilityId === null) continue;
          const eligible = await prisma.assignment.findUniqueOrThrow({ where: { id: eligibilityId } });
          expect(eligible.status).toBe('InForce');
          expect(eligible.endsAt === null || (endsAt !== null && endsAt <= eligible.endsAt)).toBe(true);
          expect(eligible.principalId === principalId || isMember(principalId)).toBe(true);
        }
        expect(await prisma.request.count({ where: { status: 'PendingProvisioning' } })).toBe(0);
        expect((await verifyChain(reads)).fault).toBeNull();
      }),
      { numRuns: 15 },
    );
    // It was about something.
    for (const action of ['access.gone', 'assignment.assign', 'activation.request'])
      expect(await usher.prisma.auditEntry.count({ where: { action } })).toBeGreaterThan(0);
  }, 600_000);
});
