import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Delivery, DeliveryKind, Json } from '../../dev/slack-workspace/contract.ts';
import { type SlackPerson, shownText } from '../fakes/slack.ts';
import { eventually } from '../support/eventually.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { createInstallation, type Installation, letSlackGuestIn, openDecision } from './replicas.ts';

const rounds = 40;
/** So many with modals on the screen: their cards come at the pace that Slack allows. */
const roundsOnScreen = 5;

describe('two replicas in Slack', () => {
  let redis: RedisServer;
  let installation: Installation;
  let guest: SlackPerson;
  let approver: SlackPerson;
  let admin: SlackPerson;

  beforeAll(async () => {
    redis = await startRedisServer();
    installation = await createInstallation(0, { redisServer: redis.url, slack: {} });
    ({ guest, approver, admin } = installation.slack);
    await installation.start();
    await installation.start();
    await letSlackGuestIn(installation);
    // One place and one eligible assignment a round.
    await installation.rows(
      `INSERT INTO "Scope" (id, name, kind, "parentId")
       SELECT id || '/disks/disk-' || n, 'disk-' || n, 'resource', id FROM "Scope", generate_series(1, $1) n
       WHERE name = 'rg-expenses'`,
      [rounds + roundsOnScreen],
    );
    await installation.rows(
      `INSERT INTO "Assignment" (id, version, kind, "principalId", "roleId", "scopeId", "startsAt", "endsAt", status)
       SELECT gen_random_uuid(), 1, 'eligible', a."principalId", 'contributor', s.id, a."startsAt", a."endsAt", a.status
       FROM "Assignment" a, "Scope" s WHERE a.kind = 'eligible' AND a."roleId" = 'contributor' AND s.name LIKE 'disk-%'`,
    );
  });
  afterAll(async () => {
    await installation?.dispose();
    await redis?.dispose();
  });
  afterEach(() => installation.slack.clearTrouble());

  const count = async (sql: string, ...values: unknown[]): Promise<number> => {
    const [row] = await installation.rows<{ count: string }>(sql, values);
    return Number(row?.count);
  };
  const statusOf = async (id: string): Promise<string> => {
    const [row] = await installation.rows<{ status: string }>(`SELECT status FROM "Request" WHERE id = $1`, [id]);
    return row?.status ?? '';
  };
  const requestFor = (reason: string) =>
    eventually(
      async () => {
        const [row] = await installation.rows<{ id: string }>(`SELECT id FROM "Request" WHERE justification = $1`, [
          reason,
        ]);
        return row?.id;
      },
      `the request “${reason}”`,
      30_000,
    );
  const newest = (kind: DeliveryKind): Delivery => {
    const found = installation.slack.deliveries.findLast((delivery) => delivery.kind === kind);
    if (!found) throw new Error(`no ${kind} has been delivered`);
    return found;
  };
  /** Which replicas got the newest deliveries of a kind. */
  const heardBy = (kind: DeliveryKind, times: number) =>
    new Set(
      installation.slack.deliveries
        .filter((delivery) => delivery.kind === kind)
        .slice(-times)
        .map(({ request }) => request?.url),
    );
  const outcomeOf = (status: string) =>
    status === 'Denied' ? /Denied by: Ada Administrator/ : /Approved by: Paul Approver/;

  it('take one decision each when two approvers submit at the same instant, and both screens show it', async () => {
    for (let round = 1; round <= roundsOnScreen; round += 1) {
      const reason = `on screen ${round}`;
      const disk = `disk-${rounds + round}`;
      await guest.command(`activate Contributor --scope ${disk} --for 30m --because "${reason}"`);
      const requestId = await requestFor(reason);
      const card = new RegExp(`^Access request[^]*Why: ${reason}`);
      await Promise.all([approver.see(card, 30_000), admin.see(card, 30_000)]);
      await openDecision(approver, 'Approve', reason, 'Mine');
      await openDecision(admin, 'Deny', reason, 'Mine');
      const sent = await Promise.all([approver.submit(), admin.submit()]);
      expect(sent).toMatchObject([
        { ok: true, closed: true },
        { ok: true, closed: true },
      ]);
      const outcome = outcomeOf(await statusOf(requestId));
      for (const person of [approver, admin]) {
        await person.see(new RegExp(`${outcome.source}[^]*Why: ${reason}`), 30_000);
        expect(person.modal()).toBeNull();
      }
    }
    expect(heardBy('submission', 2).size).toBe(2);
  }, 120_000);

  it(`take one decision each when that happens ${rounds} times`, async () => {
    const example = newest('submission').payload;
    for (let round = 1; round <= rounds; round += 1)
      await guest.command(`activate Contributor --scope disk-${round} --for 30m --because "round ${round}"`);
    const open = () =>
      installation.rows<{ id: string; justification: string }>(
        `SELECT id, justification FROM "Request" WHERE status = 'PendingApproval' AND justification LIKE 'round %'`,
      );
    await eventually(async () => (await open()).length === rounds, 'every request', 60_000);

    /** As Slack sends a modal that was opened in the app's own conversation. */
    const submit = (person: SlackPerson, verb: string, requestId: string) => {
      const view = example.view as Json;
      const data = { verb, requestId, justification: 'Mine' };
      const payload = {
        ...example,
        user: { ...(example.user as Json), id: person.id },
        view: {
          ...view,
          id: `V_${person.id}_${requestId}`,
          private_metadata: JSON.stringify({ data, origin: JSON.stringify({ at: 'chat' }) }),
        },
      };
      const { signed, post } = installation.slack;
      return post(signed(new URLSearchParams({ payload: JSON.stringify(payload) }).toString()));
    };
    const answersOf = (person: SlackPerson, reason: string) =>
      person.messages().filter((message) => shownText(message).includes(`Why: ${reason}\n`));

    for (const { id, justification } of await open()) {
      const sent = await Promise.all([submit(approver, 'approve', id), submit(admin, 'deny', id)]);
      // A machine that is busy says that it is still at it.
      const taken = [200, expect.stringMatching(/^$|clear|One moment/)];
      expect(sent.map(({ status, body }) => [status, body])).toEqual([taken, taken]);
      // Both see the one decision, whoever was first.
      const outcome = outcomeOf(await statusOf(id));
      for (const person of [approver, admin])
        await eventually(
          async () => answersOf(person, justification).some((message) => outcome.test(shownText(message))),
          `${person.id}: ${outcome} of ${justification}`,
        );
    }
    const decided = (what: string) =>
      count(
        `SELECT count(${what}) FROM "AuditEntry" WHERE action IN ('activation.approve', 'activation.deny')
         AND "requestId" IN (SELECT id FROM "Request" WHERE justification LIKE 'round %')`,
      );
    expect([await decided('*'), await decided('DISTINCT "requestId"')]).toEqual([rounds, rounds]);
    const approvals = await count(
      `SELECT count(*) FROM "AuditEntry" WHERE action = 'activation.approve' AND reason = 'Mine'`,
    );
    const grants = () => count(`SELECT count(*) FROM "DirectoryGrant" WHERE "roleId" = 'contributor'`);
    await eventually(async () => (await grants()) === approvals, 'a grant for every approval', 60_000);
    // Hundreds of cards are still on their way, at the pace that Slack allows: they are not what this is about.
    await installation.rows('UPDATE "Card" SET shown = wanted');
  }, 240_000);

  it('do once what is delivered three times', async () => {
    const { slack } = installation;
    const thrice = (delivery: DeliveryKind) => slack.trouble({ delivery, duplicate: 2 });
    const reason = 'said thrice';

    thrice('command');
    await guest.command(`activate Contributor --scope rg-expenses --for 30m --because "${reason}"`);
    expect(heardBy('command', 3).size).toBe(2);
    await requestFor(reason);
    await admin.see(new RegExp(`^Access request[^]*Why: ${reason}`), 60_000);
    await approver.see(new RegExp(`^Access request[^]*Why: ${reason}`), 60_000);
    expect(await count(`SELECT count(*) FROM "Request" WHERE justification = $1`, reason)).toBe(1);
    const about = (person: SlackPerson) =>
      person.messages().filter((message) => shownText(message).includes(`Why: ${reason}\n`));
    expect([about(admin).length, about(approver).length]).toEqual([1, 1]);

    thrice('event');
    const said = approver.messages().length;
    await approver.say('status');
    await approver.see(/^Your access/, 30_000);
    await slack.idle();
    expect(heardBy('event', 3).size).toBe(2);
    // What was said, and its answer.
    expect(approver.messages().length).toBe(said + 2);

    thrice('action');
    const opened = slack.calls.length;
    await openDecision(approver, 'Approve', reason, 'Once');
    await slack.idle();
    expect(heardBy('action', 3).size).toBe(2);
    expect(slack.calls.slice(opened).filter(({ method }) => method === 'views.open')).toHaveLength(1);

    thrice('submission');
    expect(await approver.submit()).toMatchObject({ ok: true, closed: true });
    await slack.idle();
    expect(heardBy('submission', 3).size).toBe(2);
    expect(
      await count(`SELECT count(*) FROM "AuditEntry" WHERE action = 'activation.approve' AND reason = 'Once'`),
    ).toBe(1);
    await approver.see(new RegExp(`^Access request\nActive until[^]*Why: ${reason}`), 60_000);
    expect(about(approver)).toHaveLength(1);

    // Whoever recorded it can't do it again, at whichever replica.
    const recorded = newest('submission').request;
    for (let round = 0; round < 2; round += 1) if (recorded) await slack.post(slack.signed(recorded.body));
    await slack.idle();
    expect(about(approver)).toHaveLength(1);
  }, 180_000);
});
