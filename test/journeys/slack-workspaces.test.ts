import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSealedInstallations } from '../../src/store/sealed-installations.ts';
import { createInstallationStore } from '../../src/surfaces/slack/installations.ts';
import { fakeSlackClient, type SlackPerson } from '../fakes/slack.ts';
import { eventually } from '../support/eventually.ts';
import { approversAre } from '../support/role-settings.ts';
import { startTestUsher, type TestUsher } from '../support/usher.ts';

const key = randomBytes(32);
const home = 'T_CONTOSO';
const second = 'T_SECOND';
const teamIds = [home, second];

const env = {
  SLACK_BOT_TOKEN: '',
  SLACK_CLIENT_ID: fakeSlackClient.clientId,
  SLACK_CLIENT_SECRET: fakeSlackClient.clientSecret,
  SLACK_ENCRYPTION_KEY: key.toString('base64'),
  SLACK_TEAM_IDS: teamIds.join(', '),
};

/** The way of an administrator's browser, from Usher to Slack and back. */
async function install(
  usher: TestUsher,
  team: string,
  change: { readonly state?: string; readonly cookie?: string; readonly code?: string } = {},
): Promise<{ status: number; text: string }> {
  const begun = await fetch(`${usher.url}/slack/install`, { redirect: 'manual' });
  expect(begun.status).toBe(302);
  const toSlack = new URL(begun.headers.get('location') as string);
  const cookie = (begun.headers.get('set-cookie') ?? '').split(';')[0] as string;
  toSlack.searchParams.set('team', team);
  const allowed = await fetch(`${usher.slack.origin}/oauth/v2/authorize${toSlack.search}`, { redirect: 'manual' });
  const back = new URL(allowed.headers.get('location') as string);
  expect(back.origin + back.pathname).toBe('http://unused.example/slack/oauth_redirect');
  if (change.state !== undefined) back.searchParams.set('state', change.state);
  if (change.code !== undefined) back.searchParams.set('code', change.code);
  const landed = await fetch(`${usher.url}${back.pathname}${back.search}`, {
    headers: { cookie: change.cookie ?? cookie },
    redirect: 'manual',
  });
  return { status: landed.status, text: await landed.text() };
}

const ofSecond = (usher: TestUsher, id: string, email: string | null): SlackPerson =>
  usher.slack.person({ id, name: id.toLowerCase(), realName: `Second ${id}`, email, teamId: second });

describe('several workspaces', () => {
  let usher: TestUsher;
  beforeAll(async () => {
    usher = await startTestUsher({ slack: true, env });
  });
  afterAll(() => usher?.stop());

  const rows = () => usher.usher.prisma.slackInstallation.findMany({ orderBy: { id: 'asc' } });
  const installations = (withKey: Uint8Array = key, teams: readonly string[] = teamIds) =>
    createInstallationStore(createSealedInstallations(usher.usher.prisma), withKey, teams, {
      revoke: async () => undefined,
    });
  const fetched = (teamId: string, withKey?: Uint8Array) =>
    installations(withKey).fetchInstallation({ teamId, enterpriseId: undefined, isEnterpriseInstall: false });

  it('are told nothing but that it goes wrong before they install it', async () => {
    await usher.slack.approver.say('roles');
    await usher.slack.approver.command('roles');
    await usher.slack.approver.see('Something went wrong');
    await usher.slack.quiet();
    expect(usher.slack.calls.map(({ method }) => method)).toEqual(['response_url']);
    expect(usher.slack.approver.screen()).toContain('Something went wrong');
    expect(await usher.usher.prisma.chatAccount.count({ where: { platform: 'slack' } })).toBe(0);
  });

  it('are asked for what the manifest says, and nothing for a person', async () => {
    const response = await fetch(`${usher.url}/slack/install`, { redirect: 'manual' });
    const { searchParams } = new URL(response.headers.get('location') as string);
    const manifest = JSON.parse(readFileSync('manifest/slack/manifest.json', 'utf8'));
    expect(searchParams.get('scope')?.split(',')).toEqual(manifest.oauth_config.scopes.bot);
    expect(searchParams.get('user_scope') ?? '').toBe('');
    expect(searchParams.get('client_id')).toBe(fakeSlackClient.clientId);
    expect(response.headers.get('set-cookie')).toMatch(/HttpOnly/i);
  });

  it('install it, and work from then on', async () => {
    expect(await install(usher, home)).toMatchObject({ status: 200, text: expect.stringContaining('is installed') });
    await usher.slack.approver.command('roles');
    await usher.slack.approver.see('rg-web');
  });

  it('keep their tokens sealed', async () => {
    const [row] = await rows();
    expect(row?.id).toBe(home);
    expect(Buffer.from(row?.sealed ?? []).toString('latin1')).not.toMatch(/xox|token|T_CONTOSO/);
    expect(await fetched(home)).toMatchObject({ bot: { token: expect.stringMatching(/^xoxb-/) } });
  });

  it('open with no other key', async () => {
    await expect(fetched(home, randomBytes(32))).rejects.toThrow();
  });

  describe('are refused', () => {
    const refused = async (team: string, change: Parameters<typeof install>[2]) => {
      const before = await rows();
      const { status, text } = await install(usher, team, change);
      expect(status).toBe(400);
      expect(text).not.toMatch(/Error|at /);
      expect(await rows()).toEqual(before);
      return text;
    };

    it('with a state that is not Usher’s', async () => {
      expect(await refused(second, { state: 'made-up' })).toContain('nothing was installed');
    });

    it('with a state of another browser', async () => {
      expect(await refused(second, { cookie: '' })).toContain('nothing was installed');
    });

    it('with a code that Slack does not know', async () => {
      expect(await refused(second, { code: 'made-up' })).toContain('nothing was installed');
    });

    it('when the settings don’t name them, in words', async () => {
      expect(await refused('T_FOREIGN', {})).toContain('SLACK_TEAM_IDS');
    });

    it('when somebody says no', async () => {
      const response = await fetch(`${usher.url}/slack/oauth_redirect?error=access_denied&state=x`);
      expect(response.status).toBe(400);
      expect(await response.text()).toContain('nothing was installed');
    });
  });

  it('have people of their own: the same address in each is an account in each', async () => {
    expect(await install(usher, second)).toMatchObject({ status: 200 });
    expect((await rows()).map(({ id }) => id)).toEqual([home, second]);
    const twin = ofSecond(usher, 'U_TWIN', 'approver@contoso.example');
    await twin.command('roles');
    await twin.see('rg-web');
    const accounts = await usher.usher.prisma.chatAccount.findMany({ where: { platform: 'slack' } });
    expect(accounts.map(({ tenantId, userId }) => `${tenantId} ${userId}`).sort()).toEqual([
      `${home} U_APPROVER`,
      `${second} U_TWIN`,
    ]);
    expect(new Set(accounts.map(({ personId }) => personId)).size).toBe(1);
    expect(new Set(accounts.map(({ address }) => (address as { team: string }).team))).toEqual(new Set(teamIds));
  });

  it('don’t open with each other’s row', async () => {
    const { prisma } = usher.usher;
    const [own, other] = await rows();
    await prisma.slackInstallation.update({
      where: { id: home },
      data: { sealed: new Uint8Array(other?.sealed ?? []) },
    });
    await expect(fetched(home)).rejects.toThrow();
    await prisma.slackInstallation.update({ where: { id: home }, data: { sealed: new Uint8Array(own?.sealed ?? []) } });
    expect(await fetched(home)).toMatchObject({ team: { id: home } });
  });

  it('are shut out when they are taken off the list, though they are installed', async () => {
    const shut = installations(key, [second]);
    await expect(
      shut.fetchInstallation({ teamId: home, enterpriseId: undefined, isEnterpriseInstall: false }),
    ).rejects.toThrow('not installed');
  });

  it('are forgotten when they uninstall it, and their people are written to by mail at once', async () => {
    const { admin, approver } = usher.slack;
    await admin.command('roles');
    await usher.slack.idle();
    await usher.slack.uninstall(home);
    await eventually(async () => (await rows()).length === 1, 'the end of the installation');
    expect((await rows())[0]?.id).toBe(second);
    expect(await approver.command('roles')).toMatchObject({ ok: true });
    const { prisma } = usher.usher;
    const ada = await prisma.person.findUniqueOrThrow({ where: { mail: 'admin@contoso.example' } });
    await approversAre(prisma, 'reader', [ada.id]);
    const twin = usher.slack.person('U_TWIN');
    await twin.command('activate Reader --scope rg-web --for 1h --because checking');
    await usher.mails.see('admin@contoso.example', /checking/);
  });

  it('install it again', async () => {
    expect(await install(usher, home)).toMatchObject({ status: 200 });
    expect(await rows()).toHaveLength(2);
  });
});

describe('a token that runs out', () => {
  let usher: TestUsher;
  beforeAll(async () => {
    usher = await startTestUsher({ slack: { tokenRotation: true }, env });
    await install(usher, home);
  });
  afterAll(() => usher?.stop());

  const store = () =>
    createInstallationStore(createSealedInstallations(usher.usher.prisma), key, teamIds, {
      revoke: async () => undefined,
    });
  const query = { teamId: home, enterpriseId: undefined, isEnterpriseInstall: false } as const;
  const bot = async () =>
    (await store().fetchInstallation(query)).bot as NonNullable<unknown> & Record<string, unknown>;
  const runOut = async () => {
    const installation = await store().fetchInstallation(query);
    await store().storeInstallation({
      ...installation,
      bot: { ...installation.bot, expiresAt: Math.floor(Date.now() / 1000) + 60 },
    } as never);
  };
  const refreshes = () =>
    usher.slack.calls.filter(({ method, args }) => method === 'oauth.v2.access' && args.grant_type === 'refresh_token');

  it('is renewed in time, and the new one is kept sealed', async () => {
    const before = await bot();
    await runOut();
    await usher.slack.approver.command('roles');
    await usher.slack.approver.see('rg-web');
    const after = await bot();
    expect(after.token).not.toBe(before.token);
    expect(after.refreshToken).not.toBe(before.refreshToken);
    const row = await usher.usher.prisma.slackInstallation.findUniqueOrThrow({ where: { id: home } });
    expect(Buffer.from(row.sealed).toString('latin1')).not.toMatch(/xox/);
    expect(refreshes()).toHaveLength(1);
  });

  it('is renewed once, however much happens at once', async () => {
    await runOut();
    const from = refreshes().length;
    const people = Array.from({ length: 8 }, (_, index) =>
      usher.slack.person({ id: `U_BUSY${index}`, name: `busy${index}`, realName: 'Busy', email: null }),
    );
    await Promise.all(people.map((person) => person.command('roles')));
    for (const person of people) await person.see('Connect your account');
    expect(refreshes()).toHaveLength(from + 1);
    for (const person of people) expect(person.screen()).not.toContain('went wrong');
  });
});
