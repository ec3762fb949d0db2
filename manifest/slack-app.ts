import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { AppsManifestValidateArguments } from '@slack/web-api';
import { Ajv, type ValidateFunction } from 'ajv';
import { createGenerator } from 'ts-json-schema-generator';
import { projectFile } from '../src/runtime/project-file.ts';
import { fillIn, leftOpen } from './fill-in.ts';

export type SlackManifest = AppsManifestValidateArguments['manifest'];

export interface SlackAppSettings {
  /** Without a trailing slash; `null` where Slack can't reach Usher, which then calls Slack: Socket Mode. */
  readonly publicUrl: string | null;
  readonly socketMode: boolean;
  /** Installed by OAuth, in several workspaces; needs `publicUrl`. */
  readonly severalWorkspaces: boolean;
}

const template = JSON.parse(readFileSync(projectFile('manifest/slack/manifest.json'), 'utf8')) as SlackManifest;

/** The template is an app by HTTP and OAuth; what does not apply is left out. */
export function slackManifest({ publicUrl, socketMode, severalWorkspaces }: SlackAppSettings): SlackManifest {
  if (!publicUrl && !(socketMode && !severalWorkspaces)) throw new Error('Slack has to know where Usher is');
  const manifest = fillIn(template, { PUBLIC_URL: publicUrl ?? '' });
  const { settings = {}, oauth_config: oauth = {}, features = {} } = manifest;
  settings.socket_mode_enabled = socketMode;
  settings.token_rotation_enabled = severalWorkspaces;
  if (!severalWorkspaces) delete oauth.redirect_urls;
  if (socketMode) {
    delete settings.event_subscriptions?.request_url;
    delete settings.interactivity?.request_url;
    for (const command of features.slash_commands ?? []) delete command.url;
  }
  return manifest;
}

const text = (minLength: number, maxLength: number) => ({ type: 'string', minLength, maxLength });
const address = { type: 'string', pattern: '^https://', maxLength: 3000 };
const object = (properties: Record<string, unknown>) => ({ type: 'object', properties });

/**
 * Lengths and numbers, which types can't say. Source: Slack, "App manifest reference"
 * (https://docs.slack.dev/reference/app-manifest). Of two limits the stricter: 175 for a long description, which that page
 * lets begin at 174 and Slack's schema (slackapi/manifest-schema) does not; 140 for a command's, as for the app's.
 */
const limits = object({
  display_information: object({
    name: text(1, 35),
    description: text(1, 140),
    long_description: text(175, 4000),
    background_color: { type: 'string', pattern: '^#([0-9a-fA-F]{3}){1,2}$' },
  }),
  features: object({
    bot_user: object({ display_name: { type: 'string', pattern: '^[a-z0-9._-]{1,80}$' } }),
    shortcuts: {
      maxItems: 10,
      items: object({ name: text(1, 24), callback_id: text(1, 255), description: text(1, 150) }),
    },
    slash_commands: {
      maxItems: 50,
      items: object({
        command: { type: 'string', pattern: '^/\\S{1,31}$' },
        description: text(1, 140),
        usage_hint: text(1, 1000),
        url: address,
      }),
    },
  }),
  oauth_config: object({
    redirect_urls: { maxItems: 1000, uniqueItems: true, items: address },
    scopes: object({ bot: { maxItems: 255, uniqueItems: true } }),
  }),
  settings: object({
    event_subscriptions: object({ request_url: address, bot_events: { maxItems: 100, uniqueItems: true } }),
    interactivity: object({ request_url: address }),
  }),
});

/** The scope without which Slack does not send an event; those not named need none. */
const scopeOfEvent: Readonly<Record<string, string>> = {
  app_mention: 'app_mentions:read',
  'message.im': 'im:history',
  user_change: 'users:read',
};

/** Slack's own types of a manifest, as a schema: what they don't name is refused. */
function typesAsSchema(): object {
  const types = join(dirname(createRequire(import.meta.url).resolve('@slack/web-api')), 'types/request/manifest.d.ts');
  const schema = createGenerator({ path: types, type: 'Manifest', skipTypeCheck: true }).createSchema('Manifest');
  // The outermost one is open in the types, for fields to come.
  const { Manifest } = schema.definitions ?? {};
  if (typeof Manifest !== 'object') throw new Error('@slack/web-api has no type Manifest');
  Manifest.additionalProperties = false;
  return schema;
}

let checks: ValidateFunction[] | null = null;

/** What Slack would refuse, and what would leave the app deaf: by its types, its limits, and what goes together. */
export function slackManifestFaults(manifest: SlackManifest): string[] {
  checks ??= [typesAsSchema(), limits].map((schema) => new Ajv({ allErrors: true, strict: false }).compile(schema));
  const { settings, oauth_config: oauth, features } = manifest;
  const faults = checks.flatMap((check) =>
    check(manifest)
      ? []
      : (check.errors ?? []).map(({ instancePath, message, params }) => {
          const named = 'additionalProperty' in params ? `: ${params.additionalProperty}` : '';
          return `${instancePath || '/'} ${message}${named}`;
        }),
  );
  const scopes: readonly string[] = oauth?.scopes?.bot ?? [];
  for (const event of settings?.event_subscriptions?.bot_events ?? []) {
    const scope = scopeOfEvent[event];
    if (scope && !scopes.includes(scope)) faults.push(`the event ${event} needs the scope ${scope}`);
  }
  const addresses = [
    settings?.event_subscriptions?.request_url,
    settings?.interactivity?.request_url,
    ...(features?.slash_commands ?? []).map(({ url }) => url),
  ];
  if (!settings?.socket_mode_enabled && addresses.includes(undefined))
    faults.push('without Socket Mode, events, interactivity and commands need an address');
  if (settings?.socket_mode_enabled && addresses.some(Boolean)) faults.push('with Socket Mode, Slack calls no address');
  return [...faults, ...leftOpen(manifest)];
}
