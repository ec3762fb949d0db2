import { createHash } from 'node:crypto';
import type { App, Receiver, types } from '@slack/bolt';
import type { Logger } from 'pino';
import { errorFields } from '../../runtime/logger.ts';
import { within } from '../../runtime/within.ts';
import type { Taken } from './taken.ts';

type ReceiverEvent = Parameters<App['processEvent']>[0];
type Body = Readonly<Record<string, unknown>>;

/** What Slack delivers, by what it wants for an answer. */
type Kind =
  /** Nothing, and comes again until it is answered. */
  | 'event'
  /** An answer at once, and never comes again: commands, clicks, shortcuts. */
  | 'once'
  /** A modal that stays open until the answer says what becomes of it. */
  | 'submission';

export interface Delivered {
  readonly kind: Kind;
  /** The same for every delivery of the same thing, also for one that somebody recorded and sends again. */
  readonly key: string;
}

const digest = (value: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(value ?? null))
    .digest('base64url')
    .slice(0, 22);

const textIn = (body: Body, name: string): string | null => (typeof body[name] === 'string' ? body[name] : null);

/** `null` for what nobody waits for, such as a modal that was closed. */
export function deliveredBy(body: Body): Delivered | null {
  const eventId = textIn(body, 'event_id');
  if (eventId) return { kind: 'event', key: `slack:${eventId}` };
  if (body.type === 'view_submission') {
    const view = body.view as Partial<types.View & { id: string; state: unknown }> | undefined;
    if (typeof view?.id !== 'string') return null;
    // Sent again with other values, it is another submission.
    return { kind: 'submission', key: `slack:${view.id}:${digest([view.private_metadata, view.state])}` };
  }
  const trigger = textIn(body, 'trigger_id');
  return trigger ? { kind: 'once', key: `slack:${trigger}` } : null;
}

/** What fails this often is left lying: its person has been told, as far as they could be. */
const tries = 4;

/** It was decided, and what came of it did not reach Slack: it is not done yet, and nobody is told that it failed. */
export class NotShown extends Error {}

interface Run {
  /** Slack waits for it; `null` once it does not. */
  readonly ack: ReceiverEvent['ack'] | null;
  readonly arrivedAt: number;
  /** Nobody takes it up after this. */
  readonly lastTry: boolean;
}

/** Events that Usher hears of and has no use for: its own messages, changed messages, other tabs. */
function isNoise(body: Body): boolean {
  const { event } = body as { readonly event?: Readonly<Record<string, unknown>> };
  if (!event) return false;
  if (event.type === 'app_home_opened') return event.tab !== 'home';
  if (event.type !== 'message') return false;
  return Boolean(event.bot_id) || (event.subtype !== undefined && event.subtype !== 'file_share');
}

export interface TakenOn {
  readonly receiver: Receiver;
  recover(): Promise<void>;
  /** Resolves when everything that was taken on is done. */
  settled(): Promise<void>;
}

/**
 * Around one of Bolt's receivers: whatever Slack delivers is written down before Slack hears that it is taken care of,
 * and done once. A submission is answered when it is decided, for its answer says what is wrong with it.
 */
export function createTakenOn(parts: {
  readonly receiver: Receiver;
  readonly taken: Taken;
  /** It could not be written down: the person has to know that nothing was done. */
  readonly refuse: (event: ReceiverEvent, kind: Kind) => Promise<void>;
  /** It was taken on, and failed: likewise. */
  readonly failed: (body: Body, ack: ReceiverEvent['ack'] | null) => Promise<void>;
  readonly log: Logger;
  /** How long Slack waits for an answer. */
  readonly ackWithinMs: number;
}): TakenOn {
  const { receiver, taken, refuse, failed, log, ackWithinMs } = parts;
  const takeWithinMs = (ackWithinMs * 2) / 3;
  let app: App | null = null;
  const running = new Map<string, Promise<void>>();

  async function work(key: string, body: Body, { ack, arrivedAt, lastTry }: Run): Promise<void> {
    // The acknowledgement goes out first.
    if (!ack) await new Promise(setImmediate);
    const customProperties = { alone: !ack, waitedMs: performance.now() - arrivedAt };
    try {
      await (app as App).processEvent({ body, ack: ack ?? (async () => undefined), customProperties });
    } catch (error) {
      log.error(errorFields(error), 'something that Slack delivered failed');
      // What was decided and could not be shown, and what nobody is told of, is taken up again: nothing is done twice.
      const again = error instanceof NotShown || (deliveredBy(body)?.kind === 'event' && !lastTry);
      if (again) throw error;
      // Only what will not be done after all is said to have failed.
      await taken.done(key);
      return failed(body, ack);
    }
    await taken.done(key);
  }

  const run = (key: string, body: Body, how: Run): Promise<void> => {
    const done = work(key, body, how)
      .catch((error: unknown) => log.warn(errorFields(error), 'something that Slack delivered is left for later'))
      .finally(() => running.delete(key));
    running.set(key, done);
    return done;
  };

  async function takeOn(event: ReceiverEvent): Promise<void> {
    const arrivedAt = performance.now();
    const body = event.body as Body;
    if (isNoise(body)) return event.ack();
    const delivered = deliveredBy(body);
    if (!delivered) return (app as App).processEvent(event);
    const { kind, key } = delivered;
    let isNew: boolean;
    const taking = taken.take(key, body);
    try {
      isNew = await within(taking, takeWithinMs, () => new Error('the database does not answer'));
    } catch (error) {
      log.error(errorFields(error), 'what Slack delivered could not be written down');
      // Should it have been written after all, it stays undone, as its person is told; an event just comes again.
      if (kind !== 'event') void taking.then(() => taken.done(key)).catch(() => undefined);
      return refuse(event, kind);
    }
    // A second submission of the same gets the same answer: its commands know their keys.
    if (kind === 'submission') return run(key, body, { ack: event.ack, arrivedAt, lastTry: false });
    await event.ack();
    if (isNew) void run(key, body, { ack: null, arrivedAt, lastTry: false });
  }

  return {
    receiver: {
      init: (bolt) => {
        app = bolt;
        receiver.init({ processEvent: takeOn } as unknown as App);
      },
      start: (...args) => receiver.start(...args),
      stop: (...args) => receiver.stop(...args),
    },
    recover: async () => {
      const left = await taken.abandoned(tries);
      if (left.length > 0) log.info({ count: left.length }, 'what a process left lying is taken up');
      const arrivedAt = performance.now();
      // What takes long here is not left lying.
      const lying = left.filter(({ key }) => !running.has(key));
      await Promise.all(lying.map(({ key, body, lastTry }) => run(key, body, { ack: null, arrivedAt, lastTry })));
    },
    settled: async () => {
      await Promise.allSettled([...running.values()]);
    },
  };
}
