import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '../fakes/card-reader.ts';
import type { Message, TeamsPerson } from '../fakes/teams.ts';
import { eventually } from '../support/eventually.ts';
import type { Step } from './replica.ts';
import {
  createInstallation,
  type Installation,
  letGuestIn,
  type Replica,
  stepsInAudit,
  untilGrants,
} from './replicas.ts';

const steps: readonly Step[] = [
  { at: 'commit', side: 'before', action: 'activation.request' },
  { at: 'commit', side: 'after', action: 'activation.request' },
  { at: 'enqueue', side: 'before' },
  { at: 'enqueue', side: 'after' },
  { at: 'post', side: 'before', words: 'Approve' },
  { at: 'post', side: 'after', words: 'Approve' },
  { at: 'commit', side: 'before', action: 'activation.approve' },
  { at: 'commit', side: 'after', action: 'activation.approve' },
  { at: 'apply', side: 'before', want: 'granted' },
  { at: 'apply', side: 'after', want: 'granted' },
  { at: 'read-back', side: 'before', want: 'granted' },
  { at: 'read-back', side: 'after', want: 'granted' },
  { at: 'commit', side: 'before', action: 'activation.confirm' },
  { at: 'commit', side: 'after', action: 'activation.confirm' },
  { at: 'replace', side: 'before', words: 'Active until' },
  { at: 'replace', side: 'after', words: 'Active until' },
  { at: 'commit', side: 'before', action: 'activation.expire' },
  { at: 'commit', side: 'after', action: 'activation.expire' },
  { at: 'apply', side: 'before', want: 'gone' },
  { at: 'apply', side: 'after', want: 'gone' },
  { at: 'commit', side: 'before', action: 'access.gone' },
  { at: 'commit', side: 'after', action: 'access.gone' },
];

const named = (step: Step): string => {
  const { at, side, ...what } = step;
  return `${side} ${at} ${Object.values(what).join('')}`.trim();
};

/** A dead process's card may be leased for half a minute, and its jobs may count as running for as long. */
const patienceMs = 90_000;
const shards = [1, 2, 3, 4];

const shows = (reason: string) => (message: Message) =>
  message.versions.some((version) => textOf(version).includes(reason));

// Most of the time of such a story is waiting for leases of the dead to lapse: several are told at once.
describe.concurrent.each(shards)('a process that is killed and started again (%i)', (shard) => {
  let installation: Installation;
  let replica: Replica;
  let people: readonly TeamsPerson[];

  beforeAll(async () => {
    // Whoever tells so many stories in a minute runs into Teams' rates, which is not what this is about.
    installation = await createInstallation(shard, { limits: false });
    replica = await installation.start();
    await letGuestIn(installation);
    people = [installation.guest, installation.approver, installation.admin];
  });
  afterAll(() => installation?.dispose());

  /** The whole life of one activation. */
  async function live(reason: string): Promise<void> {
    const { guest, approver } = installation;
    await guest.say(`activate Contributor --for 30m --because "${reason}"`);
    const asked = await approver.see(reason, patienceMs);
    await approver.click('Send approval', { justification: 'Agreed' }, { message: asked });
    await guest.see(new RegExp(`Your request\nActive until[^]*${reason}`), patienceMs);
    installation.passMinutes(31);
    await untilGrants(installation, 0);
  }

  /** The ids of the messages that show the request, when each shows what there is to show. */
  const settledCards = (requestId: string) =>
    eventually(
      async () => {
        const rows = await installation.rows<{ messageId: string | null; platform: string; settled: boolean }>(
          `SELECT "messageId", platform, shown = wanted AS settled FROM "Card" WHERE "subjectId" = $1`,
          [requestId],
        );
        // An approver who is in no chat has it by mail.
        const inChat = rows.filter(({ platform }) => platform !== 'mail').map(({ messageId }) => messageId);
        return rows.every(({ messageId, settled }) => messageId && settled) && inChat;
      },
      'every card up to date',
      patienceMs,
    );

  it.sequential.each(
    steps.filter((_step, index) => index % shards.length === shard - 1).map((step) => [named(step), step] as const),
  )(
    'gives one grant, one message each and one end when it dies %s',
    async (name, step) => {
      const reason = `dies ${name}`;
      replica.dieAt(step);
      let diedAt = Number.POSITIVE_INFINITY;
      const restarted = replica.gone.then(() => {
        diedAt = Date.now();
        return installation.start();
      });
      await live(reason);
      replica = await restarted;

      const requests = await installation.rows<{ id: string; status: string }>(
        `SELECT id, status FROM "Request" WHERE justification = $1`,
        [reason],
      );
      expect(requests).toMatchObject([{ status: 'Provisioned' }]);
      const requestId = requests[0]?.id as string;
      expect(await stepsInAudit(installation, requestId, patienceMs)).toEqual([
        'activation.request',
        'activation.approve',
        'activation.confirm',
        'activation.expire',
        'access.gone',
      ]);

      const cards = await settledCards(requestId);
      for (const person of people) {
        const posted = person.messages.filter(shows(reason));
        const known = posted.filter(({ id }) => cards.includes(id));
        for (const { card } of known) expect(card && textOf(card)).toMatch(/Ended – the access is gone|– ended/);
        // A crash between the platform's answer and the note of it leaves a copy behind that nobody knows of.
        const orphans = posted.filter((message) => !known.includes(message));
        expect(orphans.length).toBeLessThanOrEqual(1);
        for (const { postedAt } of orphans) expect(diedAt - postedAt.getTime()).toBeLessThan(2_000);
      }
      expect(people.flatMap(({ messages }) => messages.filter(({ id }) => cards.includes(id)))).toHaveLength(
        cards.length,
      );
      // Teams refreshes it when it is looked at; so does a click on it.
      const refreshed = await installation.approver.forge('show', { card: 'approval', requestId });
      expect(refreshed.card && textOf(refreshed.card)).toContain('Ended – the access is gone');
    },
    300_000,
  );

  it.sequential('leaves an unbroken audit', async () => {
    await installation.admin.say('audit verify');
    await installation.admin.see('Intact', patienceMs);
  });
});
