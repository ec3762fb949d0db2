import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiCall } from '../../dev/slack-workspace/contract.ts';
import type { ActResult } from '../../dev/slack-workspace/view.ts';
import { type SlackPerson, shownText } from '../fakes/slack.ts';
import { eventually } from '../support/eventually.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import type { Step as StepOfReplica } from './replica.ts';
import {
  createInstallation,
  type Installation,
  letSlackGuestIn,
  openDecision,
  type Replica,
  stepsInAudit,
  untilGrants,
} from './replicas.ts';

/** A call of Slack's API, whose words are in what it sends: it is cut before Slack has done it, or after. */
interface Call {
  readonly at: 'chat.postMessage' | 'chat.update' | 'views.open' | 'views.publish' | 'response_url';
  readonly side: 'before' | 'after';
  readonly words: string;
}
type Step = (StepOfReplica | Call) & {
  /** Leases of the dead lapse by themselves, in their own time. */
  readonly patient?: true;
};

const steps: readonly Step[] = [
  { at: 'take', side: 'after', of: 'command', patient: true },
  { at: 'take', side: 'before', of: 'command' },
  { at: 'take', side: 'before', of: 'event' },
  { at: 'take', side: 'after', of: 'event' },
  { at: 'take', side: 'after', of: 'click' },
  { at: 'take', side: 'after', of: 'submission' },
  // A command has been acknowledged by then, a submission has not.
  { at: 'commit', side: 'before', action: 'activation.request' },
  { at: 'enqueue', side: 'before' },
  { at: 'response_url', side: 'before', words: 'Done' },
  { at: 'response_url', side: 'after', words: 'Done' },
  { at: 'cross-out', side: 'before', of: 'command' },
  { at: 'chat.postMessage', side: 'before', words: 'Access request' },
  { at: 'chat.postMessage', side: 'after', words: 'Access request' },
  { at: 'views.publish', side: 'after', words: 'Waiting for approval' },
  { at: 'commit', side: 'after', action: 'activation.approve' },
  { at: 'apply', side: 'after', want: 'granted' },
  { at: 'chat.update', side: 'before', words: 'Active until' },
  { at: 'chat.update', side: 'after', words: 'Active until' },
  { at: 'commit', side: 'before', action: 'activation.expire' },
];

const isCall = (step: Step): step is Call => step.at.includes('.') || step.at === 'response_url';

const named = ({ at, side, patient, ...what }: Step): string =>
  `${side} ${at} ${Object.values(what).join('')}${patient ? ' and nobody helps' : ''}`.trim();

const patienceMs = 60_000;
const shards = [0, 1, 2, 3];

// Most of the time of such a story is waiting for a process to start: several are told at once.
describe.concurrent.each(shards)('a process that is killed and started again, in Slack (%i)', (shard) => {
  let redis: RedisServer;
  let installation: Installation;
  let replica: Replica;
  let people: readonly SlackPerson[];
  /** Resolves when the process that was killed has been started again. */
  let restarted: Promise<Replica>;

  beforeAll(async () => {
    redis = await startRedisServer();
    installation = await createInstallation(0, {
      redisServer: redis.url,
      // Slack's own tries are fewer and further apart.
      slack: { retryDelaysMs: [0, ...Array<number>(12).fill(3_000)] },
    });
    replica = await installation.start();
    await letSlackGuestIn(installation);
    people = [installation.slack.guest, installation.slack.approver, installation.slack.admin];
  });
  afterAll(async () => {
    await installation?.dispose();
    await redis?.dispose();
  });

  function dieAt(step: Step): void {
    const victim = replica;
    if (!isCall(step)) {
      victim.dieAt(step);
      return;
    }
    const { at, side, words } = step;
    installation.slack.trouble({
      api: at,
      ...(side === 'before' ? { cutBefore: true } : { cutAfter: true }),
      when: ({ args }: ApiCall) => {
        if (!JSON.stringify(args).includes(words)) return false;
        victim.kill();
        return true;
      },
    });
  }

  /** What the dead had taken is free again, as it would be by itself within half a minute. */
  const letGo = () =>
    Promise.all(
      ['Taken', 'Received', 'Card', 'Deadline'].map((table) =>
        installation.rows(`UPDATE "${table}" SET "leasedUntil" = now() - interval '1 s' WHERE "leasedUntil" > now()`),
      ),
    );

  /** As people do: what Slack says has failed is done again, until it works. */
  async function insist(act: () => Promise<ActResult>, isDone = () => false): Promise<void> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const { ok } = await act();
      if (ok || isDone() || Date.now() > deadline) return;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  /** How often the approver has clicked in this story. */
  let clicks = 0;

  /** The whole life of one activation. */
  async function live(reason: string, step: Step): Promise<void> {
    const { guest, approver } = installation.slack;
    const line = `activate Contributor --for 30m --because "${reason}"`;
    if (of(step) === 'event') await guest.say(line);
    // What was written down is done, though Slack told its person otherwise.
    else if (step.at === 'take' && of(step) === 'command' && step.side === 'after')
      expect(await guest.command(line)).toMatchObject({ ok: false });
    else await insist(() => guest.command(line));
    await approver.see(new RegExp(`^Access request[^]*${reason}`), patienceMs);
    const deadline = Date.now() + patienceMs;
    clicks = 0;
    for (let open = false; !open; ) {
      // A click that nobody heard is clicked again.
      clicks += 1;
      open = await openDecision(approver, 'Approve', reason, 'Agreed').then(
        () => true,
        (error: unknown) => {
          if (Date.now() > deadline) throw error;
          return false;
        },
      );
    }
    await insist(approver.submit, () => !approver.modal()?.includes('[Send approval]'));
    // Who took it up may have said in the modal how it went.
    expect(approver.modal() ?? '').not.toContain('[Send approval]');
    await approver.close();
    await guest.see(new RegExp(`^Your request\nActive until[^]*${reason}`), patienceMs);
    installation.passMinutes(31);
    await untilGrants(installation, 0);
  }

  /** Nothing is owed to anybody, and nothing is left lying. */
  const settled = () =>
    eventually(
      async () => {
        const [row] = await installation.rows<{ open: string }>(
          `SELECT (SELECT count(*) FROM "Card" WHERE shown < wanted) +
             (SELECT count(*) FROM "Taken" WHERE body IS NOT NULL) AS open`,
        );
        return row?.open === '0';
      },
      'every card and every answer',
      patienceMs,
    );

  it.sequential.each(
    steps.filter((_step, index) => index % shards.length === shard).map((step) => [named(step), step] as const),
  )(
    'gives one grant, one message each and one end when it dies %s',
    async (name, step) => {
      const { guest, approver } = installation.slack;
      const reason = `dies ${name}`;
      const before = new Map(people.map((person) => [person, new Set(person.messages().map(({ ts }) => ts))]));
      let diedAt = Number.POSITIVE_INFINITY;
      restarted = replica.gone.then(async () => {
        diedAt = Date.now();
        const next = await installation.start();
        if (!step.patient) await letGo();
        return next;
      });
      dieAt(step);
      await live(reason, step);
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
      await settled();

      const rows = await installation.rows<{ messageId: string }>(
        `SELECT "messageId" FROM "Card" WHERE "subjectId" = $1 AND platform = 'slack'`,
        [requestId],
      );
      const cards = new Set(rows.map(({ messageId }) => messageId.split(':')[1]));
      const seen = new Set<string>();
      /** What Usher has said since; Slack itself tells of a command that failed. */
      const said = (person: SlackPerson) =>
        person
          .messages()
          .filter(({ ts, fromId }) => fromId === person.view().bot.userId && !before.get(person)?.has(ts));
      for (const person of people) {
        const posted = said(person);
        const known = posted.filter(({ ts }) => cards.has(ts));
        for (const message of known) {
          seen.add(message.ts);
          expect(shownText(message)).toMatch(/\nEnded – the access is gone|– ended/);
        }
        // A crash between Slack's answer and the note of it leaves a copy behind that nobody knows of.
        const orphans = posted.filter((message) => !cards.has(message.ts) && !shownText(message).startsWith('Done\n'));
        if (step.at === 'take' && of(step) === 'click' && step.side === 'after' && person === approver) {
          // Nobody could open the modal any more, so the form came as a message: one a click, at most.
          const forms = orphans.map(shownText).filter((text) => text.includes('[Send approval]'));
          expect(forms.length).toBeGreaterThanOrEqual(1);
          expect(forms.length).toBeLessThanOrEqual(clicks);
          expect(orphans).toHaveLength(forms.length);
        } else if (of(step) === 'event' && person === guest) {
          expect(orphans).toEqual([]);
        } else {
          expect(orphans.slice(1).map(shownText)).toEqual([]);
          for (const { at } of orphans) expect(diedAt - at).toBeLessThan(1_000);
        }
      }
      expect([...seen].sort()).toEqual([...cards].sort());

      // Who typed a command is answered; and once more only if the first answer may not have got through.
      const answers = said(guest).filter((message) => shownText(message).startsWith('Done\n'));
      const twice =
        (step.at === 'response_url' && step.side === 'after') || (step.at === 'cross-out' && of(step) === 'command');
      // What others are sent goes out beside the answer, which may not be crossed out yet.
      const beside = step.at === 'chat.postMessage';
      expect(beside ? [1, 2] : [of(step) === 'event' ? 0 : twice ? 2 : 1]).toContain(answers.length);

      // Every Home is what it is when it is opened anew.
      for (const person of people) {
        const home = person.home();
        expect(home).not.toContain(reason);
        const calls = installation.slack.calls.length;
        await person.openHome();
        await eventually(
          async () =>
            installation.slack.calls
              .slice(calls)
              .some(({ method, answered }) => method === 'views.publish' && answered),
          'the page',
        );
        expect(person.home()).toBe(home);
        expect(person.modal()).toBeNull();
      }
    },
    180_000,
  );

  it.sequential('leaves an unbroken audit', async () => {
    await installation.slack.admin.command('audit verify');
    await installation.slack.admin.see('Intact', patienceMs);
  });
});

const of = (step: Step) => ('of' in step ? step.of : null);
