import type { WebClient } from '@slack/web-api';
import { WebAPIPlatformError } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../../../src/runtime/logger.ts';
import { belongs, createPeople, type UserObject, userOf } from '../../../src/surfaces/slack/people.ts';
import type { Workspace } from '../../../src/surfaces/slack/workspaces.ts';

const workspace: Workspace = {
  teamId: 'T1',
  enterpriseId: null,
  botToken: 'xoxb-1',
  botUserId: 'U0',
  botId: 'B0',
};
const full: UserObject = {
  id: 'U1',
  team_id: 'T1',
  real_name: 'Dana',
  tz: 'Europe/Berlin',
  locale: 'de-DE',
  is_email_confirmed: true,
  profile: { email: 'Dana@contoso.example' },
};

describe('what Slack tells of a user', () => {
  it('vouches for the confirmed address of a full member', () => {
    expect(userOf(full)).toEqual({
      id: 'U1',
      teamId: 'T1',
      enterpriseId: null,
      name: 'Dana',
      active: true,
      timeZone: 'Europe/Berlin',
      locale: 'de-DE',
      vouched: { objectId: null, mail: 'Dana@contoso.example' },
      stranger: false,
    });
  });

  it.each<[string, UserObject]>([
    ['a guest of several channels', { is_restricted: true }],
    ['a guest of one channel', { is_ultra_restricted: true }],
    ['a stranger', { is_stranger: true }],
    ['a bot', { is_bot: true }],
    ['somebody deactivated', { deleted: true }],
    ['an address that is not confirmed', { is_email_confirmed: false }],
    ['nobody', { profile: {} }],
  ])('vouches for no address of %s', (_what, more) => {
    expect(userOf({ ...full, ...more }).vouched).toEqual({ objectId: null, mail: null });
  });

  it('vouches for nothing when it says nothing of a confirmation', () => {
    const { is_email_confirmed: _, ...silent } = full;
    expect(userOf(silent).vouched.mail).toBeNull();
  });
});

describe('somebody belongs', () => {
  const organisation = { ...workspace, enterpriseId: 'E1' };
  const somebody = (more: object) => ({ teamId: 'T1', enterpriseId: null, stranger: false, ...more });
  it.each([
    ['to the workspace that installed the app', workspace, {}, true],
    ['not of another workspace', workspace, { teamId: 'T2' }, false],
    ['not of nobody knows which', workspace, { teamId: null }, false],
    ['not as a stranger, whatever the team', workspace, { stranger: true }, false],
    ['in another workspace of its organisation', organisation, { teamId: 'T2', enterpriseId: 'E1' }, true],
    ['not in another organisation', organisation, { teamId: 'T2', enterpriseId: 'E2' }, false],
    ['not because neither has an organisation', workspace, { teamId: 'T2', enterpriseId: null }, false],
  ])('%s', (_what, installed, more, expected) => {
    expect(belongs(installed, somebody(more))).toBe(expected);
  });
});

describe('people', () => {
  const setUp = (answer: () => Promise<{ user?: UserObject }>) => {
    let at = 0;
    let calls = 0;
    const people = createPeople(() => at, createLogger('silent'));
    const client = {
      users: {
        info: async () => {
          calls += 1;
          return answer();
        },
      },
    } as unknown as WebClient;
    return {
      people,
      find: () => people.find(workspace, client, 'U1'),
      pass: (ms: number) => {
        at += ms;
      },
      calls: () => calls,
    };
  };
  const refusing = (error: string) => async () => {
    throw new WebAPIPlatformError({ ok: false, error } as never);
  };

  it('are asked for once a minute', async () => {
    const { find, pass, calls } = setUp(async () => ({ user: full }));
    await find();
    pass(59_999);
    expect(await find()).toMatchObject({ id: 'U1' });
    expect(calls()).toBe(1);
    pass(1);
    await find();
    expect(calls()).toBe(2);
  });

  it('are asked for anew once something has changed', async () => {
    const { people, find, calls } = setUp(async () => ({ user: full }));
    await find();
    people.forget(workspace, 'U1');
    await find();
    expect(calls()).toBe(2);
  });

  it('are not remembered from before something changed', async () => {
    let answer: (told: { user: UserObject }) => void = () => undefined;
    const told = () =>
      new Promise<{ user: UserObject }>((resolve) => {
        answer = resolve;
      });
    const { people, find, pass, calls } = setUp(told);
    const old = find();
    pass(1);
    people.forget(workspace, 'U1');
    answer({ user: full });
    await old;
    const fresh = find();
    answer({ user: { ...full, is_restricted: true } });
    expect((await fresh)?.vouched.mail).toBeNull();
    expect(calls()).toBe(2);
  });

  it.each(['user_not_found', 'user_not_visible'])('are strangers where Slack says %s', async (error) => {
    const { find } = setUp(refusing(error));
    const user = await find();
    expect(user?.stranger).toBe(true);
    expect(belongs(workspace, user as NonNullable<typeof user>)).toBe(false);
  });

  it('are unknown where Slack can’t be asked, and asked for again', async () => {
    const { find, calls } = setUp(refusing('internal_error'));
    expect(await find()).toBeNull();
    expect(await find()).toBeNull();
    expect(calls()).toBe(2);
  });
});
