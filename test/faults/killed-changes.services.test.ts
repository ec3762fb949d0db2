import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import type { Step } from './replica.ts';
import { createInstallation, type Installation, letGuestIn, type Replica } from './replicas.ts';

const steps: readonly Step[] = [
  { at: 'commit', side: 'before', action: 'assignment.start' },
  { at: 'commit', side: 'after', action: 'assignment.start' },
  { at: 'commit', side: 'before', action: 'assignment.update' },
  { at: 'commit', side: 'after', action: 'assignment.update' },
  { at: 'apply', side: 'before', want: 'moved' },
  { at: 'apply', side: 'after', want: 'moved' },
  { at: 'read-back', side: 'before', want: 'moved' },
  { at: 'read-back', side: 'after', want: 'moved' },
  { at: 'commit', side: 'before', action: 'extension.confirm' },
  { at: 'commit', side: 'after', action: 'extension.confirm' },
  { at: 'commit', side: 'before', action: 'assignment.remove' },
  { at: 'commit', side: 'after', action: 'assignment.remove' },
];

const named = ({ at, side, ...what }: Step): string => `${side} ${at} ${Object.values(what).join('')}`.trim();

/** A dead process's jobs may count as running for half a minute. */
const patienceMs = 90_000;
const shards = [5, 6, 7];

// Most of the time of such a story is waiting for leases of the dead to lapse: several are told at once.
describe.concurrent.each(shards)('a process that is killed while an assignment changes (%i)', (shard) => {
  let installation: Installation;
  let replica: Replica;

  beforeAll(async () => {
    installation = await createInstallation(shard, { limits: false });
    replica = await installation.start();
    await letGuestIn(installation);
  });
  afterAll(() => installation?.dispose());

  const one = async <Row extends object>(sql: string, value: string): Promise<Row | undefined> =>
    (await installation.rows<Row>(sql, [value]))[0];
  const grantOf = (id: string) =>
    one<{ endsAt: Date; grantedAt: Date }>('SELECT * FROM "DirectoryGrant" WHERE "assignmentId" = $1', id);
  const untilSo = <T>(what: string, is: () => Promise<T | undefined | false>): Promise<T> =>
    eventually(is, what, patienceMs);
  const untilActive = (id: string) =>
    untilSo('a confirmed state', () => one(`SELECT id FROM "Assignment" WHERE id = $1 AND status = 'Active'`, id));

  it.sequential.each(
    steps
      .filter((_step, index) => index % shards.length === shards.indexOf(shard))
      .map((step) => [named(step), step] as const),
  )(
    'begins once, moves the end without a gap and takes it away once when it dies %s',
    async (name, step) => {
      const { admin } = installation;
      const reason = `dies ${name}`;
      replica.dieAt(step);
      const restarted = replica.gone.then(() => installation.start());

      await admin.say(
        `assign guest@partner.example --role Reader --scope rg-expenses --active --from 45m --for 2d --because "${reason}"`,
      );
      const { id } = await untilSo('the assignment', () =>
        one<{ id: string }>(`SELECT details->>'assignment' AS id FROM "AuditEntry" WHERE reason = $1`, reason),
      );
      installation.passMinutes(46);
      await untilActive(id);
      const given = await untilSo('access', () => grantOf(id));

      await admin.say(`update ${id} --for 4d --because "${reason}"`);
      let gap = false;
      const moved = await untilSo('the new end', async () => {
        const grant = await grantOf(id);
        gap ||= !grant;
        return grant && grant.endsAt > given.endsAt && grant;
      });
      expect(gap).toBe(false);
      expect(moved.grantedAt).toEqual(given.grantedAt);
      await untilActive(id);

      await admin.say(`unassign ${id} --because "${reason}"`);
      await untilSo('no access', async () => !(await grantOf(id)));
      replica = await restarted;
      const story = await untilSo('the end of the story in the audit', async () => {
        const entries = await installation.rows<{ action: string }>(
          `SELECT action FROM "AuditEntry" WHERE details->>'assignment' = $1 ORDER BY sequence`,
          [id],
        );
        const actions = entries.map(({ action }) => action);
        return actions.includes('access.gone') && actions;
      });
      expect(story).toEqual([
        'assignment.assign',
        'assignment.start',
        'activation.confirm',
        'assignment.update',
        'extension.confirm',
        'assignment.remove',
        'access.gone',
      ]);
    },
    300_000,
  );

  it.sequential('leaves an unbroken audit', async () => {
    await installation.admin.say('audit verify');
    await installation.admin.see('Intact', patienceMs);
  });
});
