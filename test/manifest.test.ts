import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { icons } from '../manifest/icons.ts';
import { packageApps } from '../manifest/package-apps.ts';
import {
  type SlackAppSettings,
  type SlackManifest,
  slackManifest,
  slackManifestFaults,
} from '../manifest/slack-app.ts';
import { type TeamsManifest, teamsManifest, teamsManifestFaults } from '../manifest/teams-app.ts';
import { projectFile } from '../src/runtime/project-file.ts';
import { parse } from '../src/surfaces/chat/grammar.ts';

const appId = '7d8f3f0c-0000-4000-8000-00000000a991';
const publicUrl = 'https://usher.contoso.example';
const settings = { PUBLIC_URL: publicUrl, MicrosoftAppId: appId };

const teams = () =>
  teamsManifest({
    appId,
    publicUrl,
    version: '1.2.3',
    pages: { website: publicUrl, privacy: 'https://contoso.example/privacy', terms: 'https://contoso.example/terms' },
  });
const slack = (over: Partial<SlackAppSettings> = {}) =>
  slackManifest({ publicUrl, socketMode: false, severalWorkspaces: false, ...over });

/** The same with something changed in it, as JSON: also what the types forbid. */
function spoilt<T>(manifest: T, spoil: (draft: Spoilable) => void): T {
  const draft = structuredClone(manifest);
  spoil(draft as Spoilable);
  return draft;
}
// biome-ignore lint/suspicious/noExplicitAny: a fault may be anything
type Spoilable = any;

/** The verb that the grammar understands, and what `help` says of it. */
const helpOf = (verb: string) => {
  const told = parse(`help ${verb}`, 'en');
  return told.kind === 'help' ? told.lines.map((line) => line.trim()) : null;
};

describe('the Teams manifest', () => {
  const faults: readonly [string, RegExp, (draft: Spoilable) => void][] = [
    ['a scope in the wrong case', /scopes/, (draft) => draft.bots[0].scopes.push('groupchat')],
    ['a name of 31 characters', /short/, (draft) => (draft.name.short = 'x'.repeat(31))],
    ['a short description of 81 characters', /short/, (draft) => (draft.description.short = 'x'.repeat(81))],
    ['a 13th command', /commands/, (draft) => draft.bots[0].commandLists[0].commands.push({ title: 'code' })],
    ['no accent colour', /accentColor/, (draft) => delete draft.accentColor],
    ['a property that nobody knows', /additional/, (draft) => (draft.packageName = 'com.example.usher')],
    ['an app id that is none', /\/id/, (draft) => (draft.id = 'usher')],
    [
      'a place that was not filled in',
      /\$\{MicrosoftAppId\}/,
      (draft) => (draft.description.full = '${MicrosoftAppId}'),
    ],
  ];

  it('is valid for Teams', async () => {
    expect(await teamsManifestFaults(teams())).toEqual([]);
  });

  it.each(faults)('with %s is refused', async (_, fault, spoil) => {
    expect((await teamsManifestFaults(spoilt(teams(), spoil))).join('\n')).toMatch(fault);
  });

  it('carries the settings', () => {
    const manifest = teams();
    expect(manifest.id).toBe(appId);
    expect(manifest.bots?.[0]?.botId).toBe(appId);
    expect(manifest.version).toBe('1.2.3');
    expect(manifest.validDomains).toEqual(['usher.contoso.example']);
    expect(manifest.developer.privacyUrl).toBe('https://contoso.example/privacy');
    expect(JSON.stringify(manifest)).not.toContain('${');
  });

  it('has the bot in personal chats, teams and group chats', () => {
    expect(teams().bots?.[0]?.scopes).toEqual(['personal', 'team', 'groupChat']);
    const lists = teams().bots?.[0]?.commandLists?.flatMap(({ scopes }) => scopes);
    expect(lists).toEqual(['personal', 'team', 'groupChat']);
  });

  const listed = teams().bots?.[0]?.commandLists?.flatMap(({ commands }) => commands) ?? [];

  it.each(listed.map(({ title, description }) => [title, description]))(
    'offers “%s” in the words of the grammar',
    (title, description) => {
      const understood = parse(title, 'en');
      expect(understood).toMatchObject({ kind: 'command', verb: title === 'help' ? 'menu' : title });
      expect(helpOf(title)).toContain(description);
    },
  );
});

describe('the Slack manifest', () => {
  const variants: readonly [string, Partial<SlackAppSettings>][] = [
    ['for one workspace', {}],
    ['for several workspaces', { severalWorkspaces: true }],
    ['for Socket Mode', { socketMode: true, publicUrl: null }],
    ['for Socket Mode in several workspaces', { socketMode: true, severalWorkspaces: true }],
  ];
  const faults: readonly [string, RegExp, (draft: Spoilable) => void][] = [
    [
      'a description of 141 characters',
      /description must NOT have more than 140/,
      (draft) => (draft.display_information.description = 'x'.repeat(141)),
    ],
    [
      'a command’s description of 141 characters',
      /slash_commands\/0\/description/,
      (draft) => (draft.features.slash_commands[0].description = 'x'.repeat(141)),
    ],
    [
      'a long description that is too short',
      /long_description/,
      (draft) => (draft.display_information.long_description = 'x'.repeat(174)),
    ],
    ['a command without its slash', /pattern/, (draft) => (draft.features.slash_commands[0].command = 'usher')],
    [
      'a command of 33 characters',
      /pattern/,
      (draft) => (draft.features.slash_commands[0].command = `/${'x'.repeat(32)}`),
    ],
    ['a capital in the bot’s name', /display_name/, (draft) => (draft.features.bot_user.display_name = 'Usher')],
    ['a scope that Slack does not know', /scopes\/bot\/7/, (draft) => draft.oauth_config.scopes.bot.push('chat:shout')],
    [
      'an event that Slack does not know',
      /bot_events\/6/,
      (draft) => draft.settings.event_subscriptions.bot_events.push('app_home_closed'),
    ],
    ['a misspelt setting', /socket_mode$/m, (draft) => (draft.settings.socket_mode = true)],
    ['a section that nobody knows', /feature$/m, (draft) => (draft.feature = {})],
    [
      'an event whose scope is missing',
      /message\.im needs the scope im:history/,
      (draft) => (draft.oauth_config.scopes.bot = ['chat:write']),
    ],
    ['an address without https', /pattern/, (draft) => (draft.settings.interactivity.request_url = 'http://x.example')],
    ['no address for its command', /need an address/, (draft) => delete draft.features.slash_commands[0].url],
    ['an address in Socket Mode', /calls no address/, (draft) => (draft.settings.socket_mode_enabled = true)],
    [
      'a place that was not filled in',
      /\$\{PUBLIC_URL\}/,
      (draft) => (draft.features.slash_commands[0].usage_hint = '${PUBLIC_URL}'),
    ],
  ];

  it.each(variants)('%s is valid for Slack', (_, over) => {
    expect(slackManifestFaults(slack(over))).toEqual([]);
  });

  it.each(faults)('with %s is refused', (_, fault, spoil) => {
    expect(slackManifestFaults(spoilt(slack(), spoil)).join('\n')).toMatch(fault);
  });

  it('has Slack call one address, below the public one', () => {
    const { settings: set, features, oauth_config: oauth } = slack();
    const events = `${publicUrl}/slack/events`;
    expect(set?.event_subscriptions?.request_url).toBe(events);
    expect(set?.interactivity?.request_url).toBe(events);
    expect(features?.slash_commands).toMatchObject([{ command: '/usher', url: events }]);
    expect(set).toMatchObject({ socket_mode_enabled: false, token_rotation_enabled: false });
    expect(oauth).not.toHaveProperty('redirect_urls');
  });

  it('names no address in Socket Mode', () => {
    const manifest = slack({ socketMode: true, publicUrl: null });
    expect(manifest.settings?.socket_mode_enabled).toBe(true);
    expect(JSON.stringify(manifest)).not.toMatch(/https?:|\/slack\/|\$\{/);
  });

  it('comes back from OAuth, with tokens that rotate, for several workspaces', () => {
    const { settings: set, oauth_config: oauth } = slack({ severalWorkspaces: true });
    expect(oauth?.redirect_urls).toEqual([`${publicUrl}/slack/oauth_redirect`]);
    expect(set?.token_rotation_enabled).toBe(true);
  });

  it('hints at commands that the grammar has', () => {
    const [command] = slack().features?.slash_commands ?? [];
    const uses = command?.usage_hint?.replace(/^\[|\]$/g, '').split(' | ') ?? [];
    expect(uses.length).toBeGreaterThan(3);
    for (const use of uses) expect(parse(use, 'en'), use).toMatchObject({ kind: 'command' });
  });
});

describe('packaging the apps', () => {
  it('makes the manifest for Slack and the zip for Teams', async () => {
    const { files, said } = await packageApps(settings);
    expect([...files.keys()]).toEqual(['slack-manifest.json', 'slack-icon.png', 'usher-teams.zip']);
    expect(said).toHaveLength(2);
    expect(slackManifestFaults(JSON.parse(files.get('slack-manifest.json') as string) as SlackManifest)).toEqual([]);
  });

  it('puts manifest and icons at the root of the zip', async () => {
    const { files } = await packageApps({ ...settings, PUBLIC_URL: `${publicUrl}/` });
    const zip = unzipSync(files.get('usher-teams.zip') as Uint8Array);
    expect(Object.keys(zip)).toEqual(['manifest.json', 'color.png', 'outline.png']);
    const manifest = JSON.parse(strFromU8(zip['manifest.json'] as Uint8Array)) as TeamsManifest;
    expect(await teamsManifestFaults(manifest)).toEqual([]);
    expect(manifest.developer.websiteUrl).toBe(publicUrl);
    expect(Object.keys(zip)).toEqual(expect.arrayContaining([manifest.icons.color, manifest.icons.outline]));
  });

  it('gives the same bytes for the same settings', async () => {
    const [one, other] = await Promise.all([packageApps(settings), packageApps(settings)]);
    expect(one.files.get('usher-teams.zip')).toEqual(other.files.get('usher-teams.zip'));
  });

  it('says which settings are missing, for which platform', async () => {
    const { files, said } = await packageApps({ PUBLIC_URL: ' ', MicrosoftAppId: '' });
    expect(files.size).toBe(0);
    expect(said[0]).toMatch(/^Slack: nothing yet\. PUBLIC_URL is missing/);
    expect(said[1]).toMatch(/^Teams: nothing yet\. MicrosoftAppId is missing.*PUBLIC_URL is missing/);
  });

  it('packages the one platform whose settings are there', async () => {
    const slackOnly = await packageApps({ SLACK_APP_TOKEN: 'xapp-1' });
    expect([...slackOnly.files.keys()]).toEqual(['slack-manifest.json', 'slack-icon.png']);
    const byFlag = await packageApps({}, { socket: true });
    expect(byFlag.files.get('slack-manifest.json')).toEqual(slackOnly.files.get('slack-manifest.json'));
  });

  it('needs an address for OAuth, in Socket Mode too', async () => {
    const { files, said } = await packageApps({ SLACK_APP_TOKEN: 'xapp-1', SLACK_CLIENT_ID: '1.2' });
    expect(files.size).toBe(0);
    expect(said[0]).toMatch(/PUBLIC_URL is missing/);
  });

  it('keeps secrets out of what it writes and says', async () => {
    const secrets = { SLACK_APP_TOKEN: 'xapp-secret', SLACK_CLIENT_ID: 'id-secret', MicrosoftAppPassword: 'pw-secret' };
    const { files, said } = await packageApps({ ...settings, ...secrets });
    expect(`${files.get('slack-manifest.json')}${said.join()}`).not.toMatch(/secret/);
  });

  it.each([
    ['PUBLIC_URL must be an https address', { ...settings, PUBLIC_URL: 'http://localhost:3978' }, {}],
    ['MicrosoftAppId must be an id', { ...settings, MicrosoftAppId: 'usher' }, {}],
    ['--privacy must be an address', settings, { privacy: 'ours' }],
  ])('tells that %s', async (sentence, env, options) => {
    const { files, said } = await packageApps(env, options);
    expect(files.has('usher-teams.zip')).toBe(false);
    expect(said.join('\n')).toContain(sentence);
  });
});

describe('npm run manifest', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'usher-manifest-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (env: Record<string, string>) =>
    spawnSync(process.execPath, ['--import', 'tsx', projectFile('scripts/manifest.ts'), '--out', join(folder, 'out')], {
      cwd: projectFile('.'),
      env: { PATH: process.env.PATH ?? '', ...env },
      encoding: 'utf8',
    });

  it('writes the files and says what to do with them', () => {
    const { status, stdout, stderr } = run(settings);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(readdirSync(join(folder, 'out')).toSorted()).toEqual([
      'slack-icon.png',
      'slack-manifest.json',
      'usher-teams.zip',
    ]);
    expect(stdout.trim().split('\n')).toHaveLength(3);
  });

  it('fails when there is nothing to package', () => {
    const { status, stdout } = run({});
    expect(status).toBe(1);
    expect(stdout).toContain('PUBLIC_URL is missing');
  });
});

describe('the icons', () => {
  const read = (path: string) => PNG.sync.read(readFileSync(projectFile(`manifest/${path}`)));

  it.each(Object.keys(icons))('%s is as it is drawn', (path) => {
    expect(Buffer.compare(read(path).data, (icons[path] as () => PNG)().data)).toBe(0);
  });

  it('have the sizes that Teams and Slack ask for', () => {
    expect(read('teams/color.png')).toMatchObject({ width: 192, height: 192 });
    expect(read('teams/outline.png')).toMatchObject({ width: 32, height: 32 });
    expect(read('slack/icon.png')).toMatchObject({ width: 512, height: 512 });
  });

  const pixels = ({ data }: PNG) =>
    Array.from({ length: data.length / 4 }, (_, at) => [...data.subarray(4 * at, 4 * at + 4)]);

  it('in colour cover their square', () => {
    expect(pixels(read('teams/color.png')).every(([, , , alpha]) => alpha === 255)).toBe(true);
  });

  it('as an outline are white on nothing', () => {
    const all = pixels(read('teams/outline.png'));
    expect(all.every(([red, green, blue]) => red === 255 && green === 255 && blue === 255)).toBe(true);
    const drawn = all.filter(([, , , alpha]) => alpha !== 0).length / all.length;
    expect(drawn).toBeGreaterThan(0.15);
    expect(drawn).toBeLessThan(0.6);
  });
});
