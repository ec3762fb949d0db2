import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Conflict } from '../../src/commands/ports.ts';
import type { ActiveAssignment } from '../../src/domain/assignment.ts';
import type { Challenge } from '../../src/domain/challenge.ts';
import { groupScope } from '../../src/domain/group.ts';
import type {
  AssignmentId,
  ChallengeId,
  GroupId,
  InvitationId,
  PersonId,
  RequestId,
  RoleId,
  ScopeId,
} from '../../src/domain/ids.ts';
import type { Invitation } from '../../src/domain/invitation.ts';
import type { AssignmentRequest } from '../../src/domain/request.ts';
import type { BuiltInRole, RoleDefinition } from '../../src/domain/role.ts';
import { approvalBy, defaultRoleSettings } from '../../src/domain/role-settings.ts';
import type { Scope, ScopeChain } from '../../src/domain/scope.ts';
import { builtInDefinitions, prepareInstallation } from '../../src/store/bootstrap.ts';
import type { Prisma } from '../../src/store/generated/client.ts';
import { waitingUntil } from '../support/build.ts';
import { rulesOf } from '../support/role-settings.ts';
import {
  account,
  aGroup,
  anAccount,
  anActive,
  anEligible,
  aPerson,
  aPost,
  aRequest,
  assignment,
  batch,
  oddInstant,
  person,
  request,
  silence,
} from './store-fixtures.ts';
import type { Store } from './store-under-test.ts';

const later = (ms: number) => new Date(oddInstant.getTime() + ms);
const decision = { by: randomUUID() as PersonId, at: oddInstant, justification: 'fine' };
const granted = randomUUID() as AssignmentId;

const requestStates: readonly AssignmentRequest['state'][] = [
  waitingUntil(later(1), { stage: 2, since: later(0), backups: 'late' }),
  { status: 'PendingEvaluation', timesOutAt: later(1) },
  { status: 'PendingProvisioning', decision, assignmentId: granted },
  { status: 'PendingProvisioning', decision: null, assignmentId: granted },
  { status: 'Provisioned', decision, assignmentId: granted },
  { status: 'Provisioned', decision: null, assignmentId: granted },
  { status: 'Denied', decision, closedAt: later(2) },
  { status: 'Canceled', closedAt: later(2) },
  { status: 'TimedOut', closedAt: later(2) },
  { status: 'TimedOut', closedAt: later(2), why: 'unconfirmed' },
  { status: 'Failed', decision, assignmentId: granted, closedAt: later(2) },
  { status: 'Revoked', decision, assignmentId: granted, closedAt: later(2) },
];

const activeStates: readonly ActiveAssignment['state'][] = [
  { status: 'Scheduled' },
  { status: 'Provisioning' },
  { status: 'Active', confirmedAt: oddInstant },
  { status: 'Revoking', why: 'expired', confirmedAt: oddInstant },
  { status: 'Revoking', why: 'deactivated', confirmedAt: null },
  { status: 'Ended', at: later(3), why: 'eligibility-ended', confirmedAt: oddInstant },
  { status: 'Ended', at: later(3), why: 'removed', confirmedAt: null },
  { status: 'Failed', at: later(3) },
];

const invitationStates: readonly Invitation['state'][] = [
  { status: 'Pending' },
  { status: 'Accepted', closedAt: later(4) },
  { status: 'Declined', closedAt: later(4) },
  { status: 'Revoked', closedAt: later(4) },
];

/** What `Reads` promises, on whatever database. */
export function readsContract(store: () => Store): void {
  describe('an entity', () => {
    it.each(requestStates)('comes back as it was written: a request that is $status', async (state) => {
      const { reads, writes } = store();
      const value = aRequest({ ticket: 'INC-1', state });
      await writes.commit(batch({ put: [request(value)] }));
      expect(await reads.request(value.id)).toEqual(value);
      expect(await reads.requests([value.id, randomUUID() as typeof value.id])).toEqual([value]);
    });

    it.each(activeStates)('comes back as it was written: an active assignment that is $status', async (state) => {
      const { reads, writes } = store();
      const activation = { eligibilityId: granted, requestId: aRequest().id, durationMinutes: 90, endsAt: later(5) };
      for (const value of [anActive({ state }), anActive({ state, ...activation })]) {
        await writes.commit(batch({ put: [assignment(value)] }));
        expect(await reads.assignment(value.id)).toEqual(value);
      }
    });

    it.each([anEligible(), anEligible({ endsAt: later(6), state: { status: 'Ended', at: later(7), why: 'expired' } })])(
      'comes back as it was written: an eligible assignment that is $state.status',
      async (value) => {
        const { reads, writes } = store();
        await writes.commit(batch({ put: [assignment(value)] }));
        expect(await reads.assignment(value.id)).toEqual(value);
      },
    );

    it.each(invitationStates)('comes back as it was written: an invitation that is $status', async (state) => {
      const { reads, writes } = store();
      const value: Invitation = {
        id: randomUUID() as InvitationId,
        version: 1,
        guestId: randomUUID() as PersonId,
        inviterId: randomUUID() as PersonId,
        message: '',
        generation: 2,
        createdAt: oddInstant,
        sentAt: later(8),
        state,
      };
      await writes.commit(batch({ put: [{ entity: 'Invitation', value }] }));
      expect(await reads.invitation(value.id)).toEqual(value);
      expect(await reads.invitationOf(value.guestId)).toEqual(value);
    });

    it('comes back as it was written after a change, with what became null', async () => {
      const { reads, writes } = store();
      const first = aPerson({ objectId: randomUUID(), company: 'Fabrikam', sponsorId: randomUUID() as PersonId });
      const second = { ...first, version: 2, objectId: null, company: null, sponsorId: null, identities: [] };
      await writes.commit(batch({ put: [person(first)] }));
      await writes.commit(batch({ put: [person(second)] }));
      expect(await reads.person(first.id)).toEqual(second);
    });

    it('that is not there is null', async () => {
      const { reads } = store();
      const nobody = randomUUID();
      expect(await reads.person(nobody as PersonId)).toBeNull();
      expect(await reads.personByMail('nobody@nowhere.example')).toBeNull();
      expect(await reads.assignment(nobody as AssignmentId)).toBeNull();
      expect(await reads.scopeChain('/nowhere' as ScopeId)).toBeNull();
      expect(await reads.answered('never asked')).toBeNull();
      expect(await reads.people([])).toEqual([]);
    });
  });

  describe('a person', () => {
    it('is found by address, whatever its case, and by object id', async () => {
      const { reads, writes } = store();
      const value = aPerson({ objectId: randomUUID() });
      await writes.commit(batch({ put: [person(value)] }));
      expect(await reads.personByMail(value.mail.toUpperCase())).toEqual(value);
      expect(await reads.personByObjectId(value.objectId as string)).toEqual(value);
    });

    it('has chat accounts, the most recently used first', async () => {
      const { reads, writes } = store();
      const personId = randomUUID() as PersonId;
      const older = anAccount({ personId, address: null });
      const newer = anAccount({ personId, platform: 'teams', lastSeenAt: later(1), address: { deep: [{ a: null }] } });
      await writes.commit(batch({ put: [older, newer, anAccount()].map(account) }));
      expect(await reads.chatAccountsOf(personId)).toEqual([newer, older]);
      expect(await reads.chatAccount(newer)).toEqual(newer);
      expect(await reads.chatAccount({ ...newer, platform: 'slack' })).toBeNull();
      expect(await reads.chatAccountById(older.id)).toEqual(older);
    });

    it('holds the roles that are confirmed and not over, at this very instant', async () => {
      const { reads, writes } = store();
      const principalId = randomUUID() as PersonId;
      const confirmed = { status: 'Active', confirmedAt: oddInstant } as const;
      const at = (scope: string) => ({ principalId, scopeId: scope as ScopeId });
      const held = [
        anActive({ ...at('/forever'), state: confirmed }),
        anActive({ ...at('/a-millisecond-more'), state: confirmed, endsAt: later(1) }),
      ];
      const others = [
        anActive({ ...at('/over-now'), state: confirmed, endsAt: oddInstant }),
        anActive(at('/unconfirmed')),
        anActive({ ...at('/on-its-way-out'), state: { status: 'Revoking', why: 'expired', confirmedAt: oddInstant } }),
        anEligible(at('/eligible')),
        anActive({ scopeId: '/somebody-else’s' as ScopeId, state: confirmed }),
      ];
      await writes.commit(batch({ put: [...held, ...others].map(assignment) }));
      const scopes = (await reads.heldRoles(principalId, oddInstant)).map(({ scopeId }) => scopeId).sort();
      expect(scopes).toEqual(['/a-millisecond-more', '/forever']);
    });

    it('is among the holders of a role once, however often it is held', async () => {
      const { reads, writes } = store();
      const holder = aPerson();
      const scopes = [`/${randomUUID()}`, `/${randomUUID()}`] as unknown as ScopeId[];
      const state = { status: 'Active', confirmedAt: oddInstant } as const;
      const held = scopes.map((scopeId) => anActive({ principalId: holder.id, scopeId, state }));
      await writes.commit(batch({ put: [person(holder), ...held.map(assignment)] }));
      expect(await reads.holders([{ role: 'owner', scopeIds: scopes }], oddInstant)).toEqual([holder]);
      expect(await reads.holders([{ role: 'guestInviter', scopeIds: scopes }], oddInstant)).toEqual([]);
    });

    it('has open eligible and active assignments, oldest first', async () => {
      const { reads, writes } = store();
      const principalId = randomUUID() as PersonId;
      const at = (scope: string, ms: number) => ({ principalId, scopeId: scope as ScopeId, startsAt: later(ms) });
      const eligibles = [anEligible(at('/a', 1)), anEligible(at('/b', 2))];
      const over = anEligible({ ...at('/c', 0), state: { status: 'Ended', at: oddInstant, why: 'removed' } });
      const actives = [
        anActive(at('/a', 1)),
        anActive({ ...at('/b', 2), state: { status: 'Active', confirmedAt: oddInstant } }),
        anActive({ ...at('/c', 3), state: { status: 'Revoking', why: 'expired', confirmedAt: null } }),
      ];
      const failed = anActive({ ...at('/d', 0), state: { status: 'Failed', at: oddInstant } });
      await writes.commit(batch({ put: [over, failed, ...eligibles, ...actives].reverse().map(assignment) }));
      const role = 'owner' as RoleId;
      expect(await reads.openEligiblesOf(principalId)).toEqual(eligibles);
      expect(await reads.openActivesOf(principalId)).toEqual(actives);
      expect(await reads.inForce(principalId, role, '/b' as ScopeId)).toEqual(actives[1]);
      expect(await reads.inForce(principalId, role, '/c' as ScopeId)).toBeNull();
    });
  });

  describe('a request', () => {
    it('is listed newest first for its principal, and oldest first while it waits', async () => {
      const { reads, writes } = store();
      const principalId = randomUUID() as PersonId;
      const [older, newer] = [aRequest({ principalId }), aRequest({ principalId, createdAt: later(1) })];
      const closed = aRequest({ principalId, createdAt: later(2), state: { status: 'Canceled', closedAt: later(3) } });
      await writes.commit(batch({ put: [newer, closed, older].map(request) }));
      expect(await reads.requestsOf(principalId, 2)).toEqual([closed, newer]);
      const own = (await reads.pendingRequests()).filter((item) => item.principalId === principalId);
      expect(own).toEqual([older, newer]);
      expect(await reads.openRequestOf(older.eligibilityId)).toEqual(older);
      expect(await reads.openRequestOf(closed.eligibilityId)).toBeNull();
    });

    it('may be open once at each scope, waiting or scheduled', async () => {
      const { reads, writes } = store();
      const asked = aRequest();
      const scheduled = aRequest({
        ...asked,
        id: randomUUID() as RequestId,
        scopeId: `${asked.scopeId}/below` as ScopeId,
        startsAt: later(60),
        state: { status: 'ScheduleCreated', decision: null },
      });
      await writes.commit(batch({ put: [asked, scheduled].map(request) }));
      const openAt = (scopeId: ScopeId) => reads.openRequestOf(asked.eligibilityId, asked.principalId, scopeId);
      expect(await openAt(asked.scopeId)).toEqual(asked);
      expect(await openAt(scheduled.scopeId)).toEqual(scheduled);
      expect(await openAt('/elsewhere' as ScopeId)).toBeNull();
      const again = aRequest({ ...scheduled, id: randomUUID() as RequestId });
      await expect(writes.commit(batch({ put: [request(again)] }))).rejects.toThrow(Conflict);
    });

    it('that Usher canceled keeps why, and the decision that there was', async () => {
      const { reads, writes } = store();
      const decision = { by: randomUUID() as PersonId, at: later(1), justification: 'Fine' };
      const value = aRequest({
        startsAt: later(60),
        state: { status: 'Canceled', closedAt: later(60), why: 'requester-unavailable', decision },
      });
      await writes.commit(batch({ put: [request(value)] }));
      expect(await reads.request(value.id)).toEqual(value);
    });

    it('is readable to who made it and to who was sent its card, and to nobody else', async () => {
      const { reads, writes } = store();
      const value = aRequest();
      const approver = randomUUID() as PersonId;
      await writes.commit({
        ...batch({ put: [request(value)] }),
        telling: { posts: [aPost({ subjectId: value.id, recipientId: approver })], refresh: [] },
      });
      expect(await reads.readableRequest(value.id, value.principalId)).toEqual(value);
      expect(await reads.readableRequest(value.id, approver)).toEqual(value);
      expect(await reads.readableRequest(value.id, randomUUID() as PersonId)).toBeNull();
      expect(await reads.readableRequest(`${value.id}' OR true --`, approver)).toBeNull();
      const typed = value.id.slice(-8);
      expect(await reads.readableByReference(typed, approver)).toEqual([value]);
      expect(await reads.readableByReference(typed, value.principalId)).toEqual([value]);
      expect(await reads.readableByReference(typed, randomUUID() as PersonId)).toEqual([]);
    });
  });

  describe('a challenge', () => {
    it('is found as the newest of its subject, and among the recent ones of subject or person', async () => {
      const { reads, writes } = store();
      const [subjectId, personId] = [randomUUID(), randomUUID() as PersonId];
      const one = (more: Partial<Challenge>): Challenge => ({
        id: randomUUID() as ChallengeId,
        version: 1,
        purpose: 'link',
        subjectId,
        personId,
        createdAt: oddInstant,
        failures: 0,
        usedAt: null,
        ...more,
      });
      const first = one({});
      const second = one({ createdAt: later(1), failures: 3, usedAt: later(2) });
      const elsewhere = one({ createdAt: later(2), subjectId: randomUUID() });
      const stranger = one({ createdAt: later(3), subjectId: randomUUID(), personId: randomUUID() as PersonId });
      const put = [first, second, elsewhere, stranger].map((value) => ({ entity: 'Challenge' as const, value }));
      await writes.commit(batch({ put }));
      expect(await reads.challenge(second.id)).toEqual(second);
      expect(await reads.newestChallenge('link', subjectId)).toEqual(second);
      expect(await reads.newestChallenge('redeem', subjectId)).toBeNull();
      expect(await reads.challengesSince('link', later(-1), subjectId, personId)).toEqual([elsewhere, second, first]);
      expect(await reads.challengesSince('link', oddInstant, subjectId, null)).toEqual([second]);
      expect(await reads.challengesSince('redeem', later(-1), subjectId, personId)).toEqual([]);
    });
  });

  describe('an installation', () => {
    const organisation = {
      name: 'Contoso',
      domain: 'contoso.example',
      whoMayInvite: 'members-and-admins',
      domains: { policy: 'deny', list: ['*.example.net'] },
      terms: null,
    } as const;

    it('is prepared once, by however many replicas', async () => {
      const { reads, database } = store();
      const secrets = await Promise.all(
        Array.from({ length: 4 }, () => prepareInstallation(database.prisma, organisation)),
      );
      expect(new Set(secrets.map((secret) => Buffer.from(secret).toString('hex'))).size).toBe(1);
      expect(secrets[0]).toHaveLength(32);
      expect(await reads.organisation()).toEqual(organisation);
      expect(await reads.roles()).toHaveLength(builtInDefinitions.length);
      const owner = 'owner' satisfies BuiltInRole;
      expect(await reads.role(owner as string as RoleId)).toMatchObject({ name: 'Owner', kind: 'resource' });
    });

    it('keeps its secret and its organisation when it starts again', async () => {
      const { reads, database } = store();
      const before = await prepareInstallation(database.prisma, organisation);
      const again = await prepareInstallation(database.prisma, { ...organisation, name: 'Fabrikam' });
      expect(Buffer.from(again).equals(Buffer.from(before))).toBe(true);
      expect(await reads.organisation()).toMatchObject({ name: 'Contoso' });
    });
  });

  describe('a group', () => {
    it('gives its active members what it holds, and lets them activate what it is eligible for', async () => {
      const { reads, writes } = store();
      const now = oddInstant;
      const [inside, eligibleOnly, outside] = [aPerson(), aPerson(), aPerson()];
      const group = aGroup();
      const state = { status: 'Active', confirmedAt: now } as const;
      const place = { roleId: 'groupMember' as RoleId, scopeId: groupScope(group.id) };
      const scopeId = `/${randomUUID()}` as ScopeId;
      const ofGroup = { principalKind: 'group', principalId: group.id, scopeId } as const;
      const eligible = anEligible({ ...ofGroup, roleId: 'reader' as RoleId });
      await writes.commit(
        batch({
          put: [
            ...[inside, eligibleOnly, outside].map(person),
            { entity: 'Group', value: group },
            assignment(anActive({ ...place, principalId: inside.id, state })),
            assignment(anEligible({ ...place, principalId: eligibleOnly.id })),
            assignment(anActive({ ...ofGroup, state })),
            assignment(eligible),
          ],
        }),
      );
      expect(await reads.group(group.id)).toEqual(group);
      expect((await reads.scopeChain(groupScope(group.id)))?.[0]).toMatchObject({ kind: 'group', name: group.name });
      expect(await reads.membersOf([group.id], now)).toEqual([inside]);
      expect(await reads.memberships([group.id, aGroup().id], now)).toEqual([{ groupId: group.id, person: inside }]);
      expect(await reads.memberships([], now)).toEqual([]);
      expect(await reads.groupsById([group.id, 'no id' as GroupId])).toEqual([group]);
      expect(await reads.heldRoles(inside.id, now)).toEqual(
        expect.arrayContaining([place, { roleId: 'owner', scopeId }]),
      );
      expect(await reads.heldRoles(eligibleOnly.id, now)).toEqual([]);
      expect(await reads.holders([{ role: 'owner', scopeIds: [scopeId] }], now)).toEqual([inside]);
      const held = [scopeId, '/elsewhere' as ScopeId].map((place) => ({ role: 'owner' as const, scopeId: place }));
      expect(await reads.holdersAt(held, now)).toEqual([{ role: 'owner', scopeId, person: inside }]);
      expect(await reads.holdersAt([], now)).toEqual([]);
      expect(await reads.eligiblesFor(inside.id, now)).toEqual([eligible]);
      expect(await reads.eligiblesFor(outside.id, now)).toEqual([]);
    });
  });

  describe('role settings', () => {
    const root = `/${randomUUID()}`;
    const scope = (id: string, parentId: string | null): Scope => ({
      id: id as ScopeId,
      name: id,
      kind: 'subscription',
      parentId: parentId as ScopeId | null,
    });
    const tree = [scope(root, null), scope(`${root}/a`, root), scope(`${root}/a/b`, `${root}/a`)] as const;
    const role: RoleDefinition = { id: 'reader' as RoleId, name: 'Reader', kind: 'resource', description: '' };
    const approver = randomUUID();

    it('come from the nearest scope above that has any, else the defaults', async () => {
      const { reads, database } = store();
      await database.prisma.scope.createMany({ data: [...tree] });
      const chain = (await reads.scopeChain(tree[2].id)) as ScopeChain;
      expect(chain).toEqual([...tree].reverse());
      const nowhere = '/nowhere' as ScopeId;
      expect(await reads.scopeChains([tree[2].id, tree[0].id, nowhere])).toEqual(
        new Map([
          [tree[2].id, chain],
          [tree[0].id, [tree[0]]],
        ]),
      );
      expect(await reads.scopesLike(`${root.toUpperCase()}/A`)).toEqual([tree[1], tree[2]]);
      expect(await reads.scopesLike(`${root.slice(0, 20)}%`)).toEqual([]);
      expect(await reads.scopesBelow(tree[0].id)).toEqual([tree[1], tree[2]]);
      expect(await reads.scopesBelow(tree[2].id)).toEqual([]);
      expect(await reads.roleSettings(role, chain, 'everyone')).toEqual(defaultRoleSettings('resource'));
      const set = (scopeId: string, version: number, rules: Prisma.InputJsonObject, audience = 'everyone') =>
        database.prisma.roleSettings.create({ data: { roleId: role.id, scopeId, version, rules, audience } });
      await set(tree[0].id, 3, rulesOf({ ticketRequired: true }));
      expect(await reads.roleSettings(role, chain, 'everyone')).toMatchObject({ version: 3, approval: null });
      const approval = approvalBy([approver as PersonId]);
      // An older row, which does not know of every setting.
      await set(tree[1].id, 7, { approval: approval as unknown as Prisma.InputJsonObject });
      expect(await reads.roleSettings(role, chain, 'everyone')).toEqual({
        ...defaultRoleSettings('resource'),
        version: 7,
        approval,
      });
      expect(await reads.roleSettings(role, chain, 'guests')).toMatchObject({ version: 7 });
      await set(tree[0].id, 2, rulesOf({ activationMaximumMinutes: 30 }), 'guests');
      expect(await reads.settingsAmong([role.id], [tree[1].id, tree[2].id])).toMatchObject([{ version: 7 }]);
      expect(await reads.settingsAmong([], [tree[1].id])).toEqual([]);
      expect(await reads.roleSettings(role, chain, 'guests')).toMatchObject({
        version: 2,
        activationMaximumMinutes: 30,
      });
      expect(await reads.roleSettings(role, chain, 'everyone')).toMatchObject({ version: 7 });
      expect(await reads.namedAsApprover(approver as PersonId)).toBe(true);
      expect(await reads.namedAsApprover(randomUUID() as PersonId)).toBe(false);
    });
  });

  describe('a row in a state that this build does not know', () => {
    it('is a fault, never a guess', async () => {
      const { reads, writes, database } = store();
      const value = aRequest();
      await writes.commit({ ...batch({ put: [request(value)] }), telling: silence });
      await database.prisma.request.update({ where: { id: value.id }, data: { status: 'Escalated' } });
      await expect(reads.request(value.id)).rejects.toThrow('does not know');
      await database.prisma.request.delete({ where: { id: value.id } });
    });
  });
}
