import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '../fakes/card-reader.ts';
import { eventually } from '../support/eventually.ts';
import { createInstallation, type Installation, letGuestIn } from './replicas.ts';

const rounds = 200;
const twins = 20;

describe('two replicas', () => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await createInstallation(13, { limits: false });
    await installation.start();
    await installation.start();
    await letGuestIn(installation);
    // One place and one eligible assignment a round.
    await installation.rows(
      `INSERT INTO "Scope" (id, name, kind, "parentId")
       SELECT id || '/disks/' || prefix || n, prefix || n, 'resource', id
       FROM "Scope", (VALUES ('disk-', $1::int), ('twin-', $2::int)) AS made(prefix, many), generate_series(1, many) n
       WHERE name = 'rg-expenses'`,
      [rounds, twins],
    );
    await installation.rows(
      `INSERT INTO "Assignment" (id, version, kind, "principalId", "roleId", "scopeId", "startsAt", "endsAt", status)
       SELECT gen_random_uuid(), 1, 'eligible', a."principalId", 'contributor', s.id, a."startsAt", a."endsAt", a.status
       FROM "Assignment" a, "Scope" s WHERE a.kind = 'eligible' AND a."roleId" = 'contributor' AND (s.name LIKE 'disk-%' OR s.name LIKE 'twin-%')`,
    );
  });
  afterAll(() => installation?.dispose());

  const audited = async (action: string) => {
    const [row] = await installation.rows<{ count: string; requests: string }>(
      `SELECT count(*), count(DISTINCT "requestId") AS requests FROM "AuditEntry" WHERE action = ANY($1)`,
      [action.split(' or ')],
    );
    return { entries: Number(row?.count), requests: Number(row?.requests) };
  };

  it(`take one decision each when two approvers click at the same instant, ${rounds} times`, async () => {
    const { guest, approver, admin } = installation;
    for (let round = 1; round <= rounds; round += 1)
      await guest.say(`activate Contributor --scope disk-${round} --for 30m --because "round ${round}"`);
    const requests = await installation.rows<{ id: string }>(
      `SELECT id FROM "Request" WHERE status = 'PendingApproval'`,
    );
    expect(requests).toHaveLength(rounds);

    for (const { id } of requests) {
      const data = { verb: 'x', requestId: id, justification: 'Mine' };
      const [approved, denied] = await Promise.all([approver.forge('approve', data), admin.forge('deny', data)]);
      expect([approved.statusCode, denied.statusCode]).toEqual([200, 200]);
      // Both see the one decision, whoever was first.
      const [decided] = await installation.rows<{ status: string }>(`SELECT status FROM "Request" WHERE id = $1`, [id]);
      const outcome = decided?.status === 'Denied' ? /Denied by: Ada Administrator/ : /Approved by: Paul Approver/;
      for (const { card } of [approved, denied]) expect(card && textOf(card)).toMatch(outcome);
    }
    expect(await audited('activation.approve or activation.deny')).toEqual({ entries: rounds, requests: rounds });

    const approvals = (await audited('activation.approve')).requests;
    await eventually(
      async () => {
        const [row] = await installation.rows<{ count: string }>(
          `SELECT count(*) FROM "DirectoryGrant" WHERE "roleId" = 'contributor'`,
        );
        return Number(row?.count) === approvals;
      },
      'a grant for every approval',
      60_000,
    );
    // Hundreds of cards are still on their way, at the pace that Teams allows: they are not what this is about.
    await installation.rows('UPDATE "Card" SET shown = wanted');
  }, 240_000);

  it(`count both when two approvers of a quorum of two approve at the same instant, ${twins} times`, async () => {
    const { guest, approver, admin } = installation;
    const quorumIs = (quorum: number) =>
      installation.rows(
        `UPDATE "RoleSettings" SET version = version + 1,
         rules = jsonb_set(rules, '{approval,stages,0,quorum}', to_jsonb($1::int)) WHERE "roleId" = 'contributor'`,
        [quorum],
      );
    await quorumIs(2);
    for (let twin = 1; twin <= twins; twin += 1)
      await guest.say(`activate Contributor --scope twin-${twin} --for 30m --because "twin ${twin}"`);
    const requests = await installation.rows<{ id: string }>(
      `SELECT id FROM "Request" WHERE status = 'PendingApproval'`,
    );
    expect(requests).toHaveLength(twins);
    for (const { id } of requests) {
      const data = { verb: 'x', requestId: id, justification: 'Twin' };
      await Promise.all([approver.forge('approve', data), admin.forge('approve', data)]);
      const [decided] = await installation.rows<{ votes: unknown[]; status: string }>(
        'SELECT votes, status FROM "Request" WHERE id = $1',
        [id],
      );
      expect(decided?.votes).toHaveLength(2);
      expect(decided?.status).toMatch(/^(PendingProvisioning|Provisioned)$/);
      expect(await installation.rows('SELECT 1 FROM "Assignment" WHERE "requestId" = $1', [id])).toHaveLength(1);
    }
    await quorumIs(1);
    await installation.rows('UPDATE "Card" SET shown = wanted');
  }, 120_000);

  it('ask once when the same message is delivered three times', async () => {
    const { guest, admin } = installation;
    const before = admin.messages.length;
    await guest.say('activate Contributor --scope rg-expenses --for 30m --because "said thrice"', { times: 3 });
    const requests = await installation.rows(`SELECT id FROM "Request" WHERE justification = 'said thrice'`);
    expect(requests).toHaveLength(1);
    await admin.see('said thrice', 120_000);
    expect(
      admin.messages.slice(before).filter(({ card }) => card && textOf(card).includes('said thrice')),
    ).toHaveLength(1);
  }, 180_000);

  it('answer once when a question is delivered three times', async () => {
    const { approver } = installation;
    const listings = () =>
      approver.messages.filter(({ card }) => card && textOf(card).startsWith('Your access')).length;
    const before = listings();
    await approver.say('status', { times: 3 });
    expect(listings()).toBe(before + 1);
  });

  it('decide once when the same click is delivered three times', async () => {
    const { approver } = installation;
    const asked = await approver.see('said thrice', 120_000);
    const result = await approver.click('Send approval', { justification: 'Once' }, { message: asked, times: 3 });
    expect(result.statusCode).toBe(200);
    const entries = await installation.rows(
      `SELECT 1 FROM "AuditEntry" WHERE action = 'activation.approve' AND reason = 'Once'`,
    );
    expect(entries).toHaveLength(1);
  }, 180_000);
});
