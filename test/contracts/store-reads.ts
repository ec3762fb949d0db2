import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ActiveAssignment } from '../../src/domain/assignment.ts';
import type { Challenge } from '../../src/domain/challenge.ts';
import type { AssignmentId, ChallengeId, InvitationId, PersonId, RoleId, ScopeId } from '../../src/domain/ids.ts';
import type { Invitation } from '../../src/domain/invitation.ts';
import type { ActivationRequest } from '../../src/domain/request.ts';
import type { BuiltInRole, RoleDefinition } from '../../src/domain/role.ts';
import { defaultRoleSettings } from '../../src/domain/role-settings.ts';
import type { Scope, ScopeChain } from '../../src/domain/scope.ts';
import { builtInDefinitions, prepareInstallation } from '../../src/store/bootstrap.ts';
import {
  account,
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

const requestStates: readonly ActivationRequest['state'][] = [
  { status: 'PendingApproval', timesOutAt: later(1) },
  { status: 'PendingProvisioning', decision, assignmentId: granted },
  { status: 'PendingProvisioning', decision: null, assignmentId: granted },
  { status: 'Provisioned', decision, assignmentId: granted },
  { status: 'Provisioned', decision: null, assignmentId: granted },
  { status: 'Denied', decision, closedAt: later(2) },
  { status: 'Canceled', closedAt: later(2) },
  { status: 'TimedOut', closedAt: later(2) },
  { status: 'Failed', decision, assignmentId: granted, closedAt: later(2) },
];

const activeStates: readonly ActiveAssignment['state'][] = [
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
      expect(await reads.holders(['owner'], scopes, oddInstant)).toEqual([holder]);
      expect(await reads.holders(['guestInviter'], scopes, oddInstant)).toEqual([]);
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
      expect(await reads.openEligible(principalId, role, '/b' as ScopeId)).toEqual(eligibles[1]);
      expect(await reads.openEligible(principalId, role, '/c' as ScopeId)).toBeNull();
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
      expect(await reads.roleSettings(role, chain)).toEqual(defaultRoleSettings('resource'));
      const settings = (scopeId: string, version: number, approvalRequired: boolean) => ({
        roleId: role.id,
        scopeId,
        version,
        activationMaximumMinutes: 120,
        justificationRequired: false,
        ticketRequired: true,
        approvalRequired,
        approverIds: [approver],
        requestLifetimeMinutes: 60,
        permanentEligibleAllowed: true,
        eligibleMaximumMinutes: 1440,
      });
      await database.prisma.roleSettings.create({ data: settings(tree[0].id, 3, false) });
      expect(await reads.roleSettings(role, chain)).toMatchObject({ version: 3, approval: null });
      await database.prisma.roleSettings.create({ data: settings(tree[1].id, 7, true) });
      expect(await reads.roleSettings(role, chain)).toEqual({
        version: 7,
        activationMaximumMinutes: 120,
        justificationRequired: false,
        ticketRequired: true,
        approval: { approverIds: [approver] },
        requestLifetimeMinutes: 60,
        permanentEligibleAllowed: true,
        eligibleMaximumMinutes: 1440,
      });
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
