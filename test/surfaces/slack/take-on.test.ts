import { afterEach, describe, expect, it } from 'vitest';
import { deliveredBy } from '../../../src/surfaces/slack/take-on.ts';
import type { Taken } from '../../../src/surfaces/slack/taken.ts';
import { fakeBotToken } from '../../fakes/slack.ts';
import { eventually } from '../../support/eventually.ts';
import { aCard, createMemoryTaken, type SurfaceUnderTest, startSlackSurface } from '../../support/slack-surface.ts';

describe('the key of a delivery', () => {
  const view = { id: 'V1', private_metadata: '{}', state: { values: { a: { b: { value: '1' } } } } };
  const submission = (more: object = {}) => ({ type: 'view_submission', trigger_id: 't', view: { ...view, ...more } });

  it('is the event’s own, however often it is sent', () => {
    const event = { type: 'event_callback', event_id: 'Ev1', event_time: 1 };
    expect(deliveredBy(event)).toEqual({ kind: 'event', key: 'slack:Ev1' });
    expect(deliveredBy({ ...event, event_time: 2 })).toEqual(deliveredBy(event));
  });

  it('is the trigger’s of a command, a click or a shortcut', () => {
    for (const body of [{ command: '/usher' }, { type: 'block_actions' }, { type: 'shortcut' }])
      expect(deliveredBy({ ...body, trigger_id: '1.2.3' })).toEqual({ kind: 'once', key: 'slack:1.2.3' });
  });

  it('is of a submission what was sent, whatever else Slack says with it', () => {
    const { key } = deliveredBy(submission()) ?? {};
    expect(deliveredBy(submission({ hash: 'another' }))?.key).toBe(key);
    expect(deliveredBy({ ...submission(), trigger_id: 'another' })?.key).toBe(key);
    expect(deliveredBy(submission({ id: 'V2' }))?.key).not.toBe(key);
    expect(deliveredBy(submission({ private_metadata: '{"v":1}' }))?.key).not.toBe(key);
    expect(deliveredBy(submission({ state: { values: {} } }))?.key).not.toBe(key);
  });

  it.each([
    ['a modal that was closed', { type: 'view_closed', view }],
    ['a submission without a view', { type: 'view_submission', trigger_id: 't' }],
    ['a submission whose view is none', { type: 'view_submission', trigger_id: 't', view: 'x' }],
    ['an event whose id is none', { event_id: 7 }],
    ['nothing', {}],
  ])('is not there for %s', (_what, body) => {
    expect(deliveredBy(body)?.kind ?? null).not.toBe('submission');
    expect(() => deliveredBy(body)).not.toThrow();
  });
});

describe('what was taken on', () => {
  let under: SurfaceUnderTest | null = null;
  afterEach(async () => {
    await under?.stop();
    under = null;
  });
  const start = async (taken: Taken): Promise<SurfaceUnderTest> => {
    under = await startSlackSurface({ taken });
    return under;
  };

  it('is done when its work is done, not before', async () => {
    const taken = createMemoryTaken();
    const { slack, answer } = await start(taken);
    let finish: (() => void) | null = null;
    answer(async () => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return null;
    });
    await slack.admin.command('roles');
    expect([...taken.rows.values()].map(({ body }) => body)).toEqual([expect.objectContaining({ text: 'roles' })]);
    const end = await eventually(async () => finish, 'the work');
    end();
    await slack.idle();
    expect([...taken.rows.values()].map(({ body }) => body)).toEqual([null]);
  });

  it('is waited for when the process stops', async () => {
    const taken = createMemoryTaken();
    const { slack, surface, answer } = await start(taken);
    answer(async () => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      return { card: aCard('done in time') };
    });
    await slack.admin.command('roles');
    await surface.stop();
    expect([...taken.rows.values()].map(({ body }) => body)).toEqual([null]);
    await slack.admin.see('done in time');
  });

  it('stays for another process when it can’t be noted as done', async () => {
    const taken = createMemoryTaken();
    const { slack, surface, heard } = await start({
      ...taken,
      done: async () => {
        throw new Error('the database is away');
      },
    });
    await slack.admin.command('roles');
    await slack.idle();
    expect(heard).toHaveLength(1);
    await surface.recover?.();
    expect(heard).toHaveLength(2);
    expect(heard[1]?.key).toBe(heard[0]?.key);
  });

  it('is taken up with what was delivered, by the same key', async () => {
    const taken = createMemoryTaken();
    const { slack, surface, heard, answer } = await start({
      ...taken,
      take: async (...args) => !(await taken.take(...args)),
    });
    answer(async () => ({ card: aCard('answered after all') }));
    await slack.admin.command('roles');
    await slack.idle();
    expect(heard).toEqual([]);
    await surface.recover?.();
    await slack.admin.see('answered after all');
    expect(heard).toMatchObject([{ event: { kind: 'message', text: 'roles' } }]);
  });

  it('and fails when it is taken up is told to its person in their chat, where nothing else reaches them', async () => {
    const taken = createMemoryTaken();
    const { slack, surface, answer } = await start({ ...taken, take: async (...args) => !(await taken.take(...args)) });
    answer(async () => {
      throw new Error('broken');
    });
    await slack.admin.shortcut('request-access');
    await slack.idle();
    // By then the trigger opens nothing any more.
    slack.trouble({ api: 'views.open', error: 'expired_trigger_id' });
    await surface.recover?.();
    await slack.admin.see('Something went wrong');
    expect([...taken.rows.values()].map(({ body }) => body)).toEqual([null]);
  });

  it('holds nothing secret of ours', async () => {
    const taken = createMemoryTaken();
    const { slack } = await start({ ...taken, done: async () => undefined });
    await slack.admin.command('roles');
    await slack.admin.say('roles');
    await slack.idle();
    expect(JSON.stringify([...taken.rows])).not.toContain(fakeBotToken);
  });
});
