import { readFileSync } from 'node:fs';
import { projectFile } from '../src/runtime/project-file.ts';
import { slackManifest, slackManifestFaults } from './slack-app.ts';
import { teamsManifest, teamsManifestFaults, teamsPackage } from './teams-app.ts';

export interface PackageOptions {
  /** For Socket Mode before there is an app-level token. */
  readonly socket?: boolean | undefined;
  /** For several workspaces before there is a client id. */
  readonly oauth?: boolean | undefined;
  /** Pages of yours that Teams links to, instead of Usher's address. */
  readonly website?: string | undefined;
  readonly privacy?: string | undefined;
  readonly terms?: string | undefined;
}

export interface Packaged {
  readonly files: ReadonlyMap<string, Uint8Array | string>;
  /** One sentence or two a platform: what is packaged and what to do with it, or what is missing. */
  readonly said: readonly string[];
}

const { version } = JSON.parse(readFileSync(projectFile('package.json'), 'utf8')) as { version: string };
const guid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

const isAddress = (value: string, protocols: readonly string[]) =>
  URL.canParse(value) && protocols.includes(new URL(value).protocol);

/**
 * The apps of both platforms from the settings, as far as there are any; each validated. It asks for less than
 * Usher itself does: an app has to be made before there are secrets.
 * @throws when a manifest would be refused by its platform.
 */
export async function packageApps(env: NodeJS.ProcessEnv, options: PackageOptions = {}): Promise<Packaged> {
  const setting = (name: string) => env[name]?.trim() || null;
  const publicUrl = setting('PUBLIC_URL')?.replace(/\/+$/, '') ?? null;
  const appId = setting('MicrosoftAppId');
  const socketMode = options.socket ?? setting('SLACK_APP_TOKEN') !== null;
  const severalWorkspaces = options.oauth ?? setting('SLACK_CLIENT_ID') !== null;

  const files = new Map<string, Uint8Array | string>();
  const said: string[] = [];
  const noAddress = !publicUrl
    ? 'PUBLIC_URL is missing: the https address where Usher is reached'
    : isAddress(publicUrl, ['https:'])
      ? null
      : 'PUBLIC_URL must be an https address, like https://usher.example.com';

  if (noAddress && !(socketMode && !severalWorkspaces))
    said.push(
      `Slack: nothing yet. ${noAddress}${severalWorkspaces ? '.' : '; or, for Socket Mode: npm run manifest -- --socket.'}`,
    );
  else {
    const manifest = slackManifest({ publicUrl: noAddress ? null : publicUrl, socketMode, severalWorkspaces });
    refuse('Slack', slackManifestFaults(manifest));
    files.set('slack-manifest.json', `${JSON.stringify(manifest, null, 2)}\n`);
    files.set('slack-icon.png', readFileSync(projectFile('manifest/slack/icon.png')));
    const by = [socketMode ? 'Socket Mode' : 'HTTP', ...(severalWorkspaces ? ['several workspaces'] : [])].join(', ');
    said.push(
      `Slack: slack-manifest.json (${by}). At https://api.slack.com/apps choose Create New App, From a manifest, and paste it.`,
    );
  }

  const pages = {
    website: options.website ?? publicUrl ?? '',
    privacy: options.privacy ?? publicUrl ?? '',
    terms: options.terms ?? publicUrl ?? '',
  };
  const missing = [
    ...(appId === null
      ? ['MicrosoftAppId is missing: the app id of the bot’s registration']
      : guid.test(appId)
        ? []
        : ['MicrosoftAppId must be an id like 00000000-0000-0000-0000-000000000000']),
    ...(noAddress ? [noAddress] : []),
    ...(['website', 'privacy', 'terms'] as const)
      .filter((page) => options[page] !== undefined && !isAddress(options[page], ['https:', 'http:']))
      .map((page) => `--${page} must be an address`),
  ];
  if (appId === null || publicUrl === null || missing.length > 0)
    said.push(`Teams: nothing yet. ${missing.join('. ')}.`);
  else {
    const manifest = teamsManifest({ appId, publicUrl, version, pages });
    refuse('Teams', await teamsManifestFaults(manifest));
    files.set('usher-teams.zip', teamsPackage(manifest));
    said.push(
      `Teams: usher-teams.zip (version ${version}). At https://admin.teams.microsoft.com choose Teams apps, Manage apps, Actions, Upload new app.`,
    );
  }
  return { files, said };
}

function refuse(platform: string, faults: readonly string[]): void {
  if (faults.length > 0) throw new Error(`${platform} would refuse this manifest: ${faults.join('; ')}`);
}
