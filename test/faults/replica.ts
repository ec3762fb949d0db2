// One replica of Usher in a process of its own, which a test can kill at a chosen step. Told what to do by messages.
import { demoOrganisation, seedDemo } from '../../dev/demo-organisation.ts';
import { startUsher, type Wrap } from '../../src/compose.ts';
import type { AuditAction } from '../../src/domain/audit.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { textOf } from '../fakes/card-reader.ts';
import { fakeCredentials } from '../fakes/teams.ts';
import { soon, testConfig } from '../support/usher.ts';

/** A step of the way of the data, and which passing of it. */
export type Step =
  | { readonly at: 'commit'; readonly side: 'before' | 'after'; readonly action: AuditAction }
  | { readonly at: 'enqueue'; readonly side: 'before' | 'after' }
  | {
      readonly at: 'apply' | 'read-back';
      readonly side: 'before' | 'after';
      readonly want: 'granted' | 'moved' | 'gone';
    }
  | { readonly at: 'post' | 'replace'; readonly side: 'before' | 'after'; readonly words: string }
  /** What Slack delivers is written down before it is acknowledged, and crossed out when it is done. */
  | { readonly at: 'take' | 'cross-out'; readonly side: 'before' | 'after'; readonly of: Delivered };

export type Delivered = 'command' | 'click' | 'submission' | 'event';

export interface ReplicaSettings {
  readonly env: Readonly<Record<string, string>>;
  readonly openIdMetadataUrl: string;
  readonly dataDir: string;
  readonly aheadMs: number;
}

export type Told = { readonly ahead: number } | { readonly dieAt: Step } | { readonly stop: true };

const settings = JSON.parse(process.env.REPLICA ?? '') as ReplicaSettings;
let ahead = settings.aheadMs;
let dieAt: Step | null = null;

const die = () => process.kill(process.pid, 'SIGKILL');

/** Dies here, if this is the step. The promise never ends: a killed process does nothing more. */
const pass = async (is: (step: Step) => boolean): Promise<void> => {
  if (!dieAt || !is(dieAt)) return;
  die();
  await new Promise(() => undefined);
};

const deliveredAs = (body: Readonly<Record<string, unknown>>): Delivered => {
  if (body.event_id) return 'event';
  if (body.command) return 'command';
  return body.type === 'view_submission' ? 'submission' : 'click';
};
const delivered = new Map<string, Delivered>();

const wrap: Wrap = {
  taken: (taken) => {
    const here = (at: Step['at'], side: 'before' | 'after', key: string) => (step: Step) =>
      step.at === at && step.side === side && 'of' in step && step.of === delivered.get(key);
    return {
      ...taken,
      take: async (key, body) => {
        delivered.set(key, deliveredAs(body));
        await pass(here('take', 'before', key));
        const isNew = await taken.take(key, body);
        await pass(here('take', 'after', key));
        return isNew;
      },
      done: async (key) => {
        await pass(here('cross-out', 'before', key));
        await taken.done(key);
        await pass(here('cross-out', 'after', key));
      },
    };
  },
  writes: (writes) => ({
    commit: async (batch) => {
      const actions = new Set(batch.changes.flatMap(({ audit }) => audit.map(({ action }) => action)));
      const here = (side: 'before' | 'after') => (step: Step) =>
        step.at === 'commit' && step.side === side && actions.has(step.action);
      await pass(here('before'));
      const owed = await writes.commit(batch);
      await pass(here('after'));
      return owed;
    },
  }),
  dispatch: (dispatch) => async (owed) => {
    const some = owed.cards.length + owed.assignments.length > 0;
    await pass((step) => some && step.at === 'enqueue' && step.side === 'before');
    await dispatch(owed);
    await pass((step) => some && step.at === 'enqueue' && step.side === 'after');
  },
  connector: (connector) => {
    let wanted: 'granted' | 'moved' | 'gone' = 'granted';
    const here = (at: Step['at'], side: 'before' | 'after') => (step: Step) =>
      step.at === at && step.side === side && 'want' in step && step.want === wanted;
    return {
      name: connector.name,
      apply: async (wishes) => {
        wanted = wishes[0]?.want.state ?? 'granted';
        await pass(here('apply', 'before'));
        const applied = await connector.apply(wishes);
        await pass(here('apply', 'after'));
        return applied;
      },
      read: async (ids) => {
        await pass(here('read-back', 'before'));
        const facts = await connector.read(ids);
        await pass(here('read-back', 'after'));
        return facts;
      },
    };
  },
  surface: (surface) => {
    const here = (at: 'post' | 'replace', side: 'before' | 'after', text: string) => (step: Step) =>
      step.at === at && step.side === side && 'words' in step && text.includes(step.words);
    return {
      ...surface,
      deliver: async (address, card) => {
        await pass(here('post', 'before', textOf(card)));
        const delivery = await surface.deliver(address, card);
        await pass(here('post', 'after', textOf(card)));
        return delivery;
      },
      replace: async (address, messageId, card) => {
        await pass(here('replace', 'before', textOf(card)));
        const replacement = await surface.replace(address, messageId, card);
        await pass(here('replace', 'after', textOf(card)));
        return replacement;
      },
    };
  },
};

async function run(): Promise<void> {
  const config = testConfig(settings, settings.dataDir, settings.env);
  const usher = await startUsher({
    config,
    log: createLogger(config.logLevel),
    clock: () => new Date(Date.now() + ahead),
    organisation: demoOrganisation,
    seed: seedDemo,
    // A dozen of them run at once, and each looks by itself when it starts.
    sweeping: { ...soon, everyMs: 2_500 },
    // A server has a hundred, for all the replicas of all the tests that run at once.
    connections: 5,
    wrap,
    teams: { credentials: fakeCredentials(), timeoutMs: 1_500 },
  });

  process.on('message', (told: Told) => {
    if ('ahead' in told) ahead = told.ahead;
    else if ('dieAt' in told) dieAt = told.dieAt;
    else void usher.stop().then(() => process.exit(0));
  });
  // The test is gone: nobody needs this any more.
  process.on('disconnect', die);
  process.send?.({ url: usher.url });
}

void run();
