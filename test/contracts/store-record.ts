import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { demoOrganisation } from '../../dev/demo-organisation.ts';
import type { RecordFilter, Viewer } from '../../src/commands/browsing.ts';
import type { AuditFact } from '../../src/domain/audit.ts';
import type { AssignmentId, PersonId, RoleId, ScopeId } from '../../src/domain/ids.ts';
import type { HeldRole } from '../../src/domain/role.ts';
import { directoryScope } from '../../src/domain/scope.ts';
import { sightOf } from '../../src/domain/sight.ts';
import { prepareInstallation } from '../../src/store/bootstrap.ts';
import { aFact, anActive, aRequest, assignment, batch, oddInstant, request } from './store-fixtures.ts';
import type { Store } from './store-under-test.ts';

const everything: RecordFilter = {
  personId: null,
  role: null,
  scope: null,
  from: null,
  to: null,
  result: null,
  action: '',
};
const page = { skip: 0, take: 50 };
const later = (ms: number) => new Date(oddInstant.getTime() + ms);

/** What `Records` promises: everybody sees of the record what is theirs to see. */
export function recordContract(store: () => Store): void {
  const mark = randomUUID().slice(0, 8);
  const own = `/subscriptions/own-${mark}` as ScopeId;
  const twin = `/subscriptions/twin-${mark}` as ScopeId;
  const [gia, paul] = [randomUUID() as PersonId, randomUUID() as PersonId];
  const granted = randomUUID() as AssignmentId;
  const asked = aRequest({
    principalId: gia,
    roleId: `keeper-${mark}` as RoleId,
    scopeId: own,
    state: { status: 'Provisioned', decision: null, assignmentId: granted },
  });
  const extension = aRequest({ principalId: gia, action: 'selfExtend', eligibilityId: granted });
  const direct = anActive({ principalId: gia, roleId: asked.roleId, scopeId: own });

  const viewer = (personId: PersonId, ...held: readonly [role: string, scope: string][]): Viewer => ({
    personId,
    sight: sightOf(held.map(([role, scope]): HeldRole => ({ roleId: role as RoleId, scopeId: scope as ScopeId }))),
    now: oddInstant,
  });
  const nobody = () => randomUUID() as PersonId;
  const reasons = async (who: Viewer, filter: Partial<RecordFilter> = {}, upTo = 2 ** 31 - 1) =>
    (await store().reads.record(who, { ...everything, ...filter }, upTo, page)).items
      .map(({ reason }) => reason ?? '')
      .filter((reason) => reason.endsWith(mark))
      .map((reason) => reason.slice(0, -mark.length - 1));

  beforeAll(async () => {
    const { database, writes } = store();
    await prepareInstallation(database.prisma, demoOrganisation);
    await database.prisma.scope.createMany({
      data: [own, twin].map((id) => ({ id, name: `Twins ${mark}`, kind: 'subscription', parentId: directoryScope })),
    });
    await database.prisma.role.createMany({
      data: [
        { id: asked.roleId, name: `Keeper ${mark}`, kind: 'resource', description: '' },
        { id: `warden-${mark}`, name: `Warden ${mark}`, kind: 'directory', description: '' },
      ],
    });
    const said = (reason: string, more: Partial<AuditFact>): AuditFact =>
      aFact({ reason: `${reason} ${mark}`, role: `Keeper ${mark}`, scope: `Twins ${mark}`, details: {}, ...more });
    await writes.commit(
      batch({
        put: [request(asked), request(extension), assignment(direct)],
        audit: [
          said('by request', { requestId: asked.id, subjectId: gia }),
          said('decided', {
            requestId: asked.id,
            subjectId: gia,
            action: 'activation.approve',
            actor: { personId: paul, surface: 'slack', account: null },
          }),
          said('by assignment', { details: { assignment: direct.id } }),
          said('by path', { details: { scopeId: own } }),
          said('by name alone', {}),
        ],
      }),
    );
    await writes.commit(
      batch(
        {
          audit: [
            said('in the directory', { role: `Warden ${mark}`, scope: 'Directory' }),
            said('about no role', { role: null, scope: null, result: 'failure' }),
            said('extended', { requestId: extension.id, subjectId: gia }),
          ],
        },
        later(1_000),
      ),
    );
  });

  const place = ['by path', 'by assignment', 'decided', 'by request'];

  it('shows what concerns somebody, and what they did', async () => {
    expect(await reasons(viewer(gia))).toEqual(['extended', 'decided', 'by request']);
    expect(await reasons(viewer(paul))).toEqual(['decided']);
    expect(await reasons(viewer(nobody()))).toEqual([]);
  });

  it('shows resource roles to who manages them exactly there, and by name only who manages all of that name', async () => {
    expect(await reasons(viewer(nobody(), ['owner', own]))).toEqual(place);
    expect(await reasons(viewer(nobody(), ['userAccessAdministrator', twin]))).toEqual([]);
    expect(await reasons(viewer(nobody(), ['owner', own], ['owner', twin]))).toEqual(['by name alone', ...place]);
    const root = await reasons(viewer(nobody(), ['userAccessAdministrator', '/']));
    expect(root).toEqual(expect.arrayContaining(['by name alone', ...place]));
    expect(root).not.toContain('about no role');
  });

  it('shows directory roles and the rest to readers of the audit, without resource roles', async () => {
    for (const role of ['globalAdministrator', 'privilegedRoleAdministrator', 'securityReader'])
      expect(await reasons(viewer(nobody(), [role, '/']))).toEqual(['about no role', 'in the directory']);
  });

  describe('filtered', () => {
    const all = viewer(nobody(), ['owner', own], ['owner', twin], ['globalAdministrator', '/']);
    it.each<[string, Partial<RecordFilter>, readonly string[]]>([
      ['by person', { personId: paul }, ['decided']],
      ['by role', { role: `WARDEN ${mark}` }, ['in the directory']],
      ['by the name of a scope', { scope: `twins ${mark}` }, ['by name alone', ...place]],
      ['by the path of a scope', { scope: own }, place],
      ['from an instant', { from: later(1_000) }, ['about no role', 'in the directory']],
      ['to an instant', { to: later(1_000), action: 'approve' }, ['decided']],
      ['by result', { result: 'failure' }, ['about no role']],
    ])('%s', async (_how, filter, expected) => {
      expect(await reasons(all, filter)).toEqual(expected);
    });

    it('is as the record was at a sequence number', async () => {
      expect(await reasons(all, {}, 0)).toEqual([]);
    });
  });

  it('tells the story of a request, with what extends it, oldest first', async () => {
    const { reads } = store();
    const story = (await reads.storyOf(asked)).map(({ reason }) => reason);
    expect(story).toEqual(['by request', 'decided', 'extended'].map((reason) => `${reason} ${mark}`));
    expect(await reads.requestsByReference(asked.id.slice(-8))).toEqual([asked]);
    expect(await reads.requestsByReference('00000000')).toEqual([]);
  });
}
