import { z } from 'zod';
import { type ExtensionSpans, usualSpans } from './domain/extend.ts';
import type { SlackSettings } from './surfaces/slack/slack-surface.ts';

/** Unset and empty are the same: compose files and shells leave empty variables behind. */
const text = z
  .string()
  .trim()
  .transform((value) => value || undefined)
  .optional();

const url = (protocols: readonly string[], example: string) =>
  text.refine(
    (value) =>
      value === undefined || protocols.some((protocol) => URL.canParse(value) && value.startsWith(`${protocol}:`)),
    {
      message: `must be an address like ${example}`,
    },
  );

/** Whole days; unset means the usual. */
const days = (usualMinutes: number) =>
  text
    .default(String(usualMinutes / 1440))
    .transform(Number)
    .pipe(z.int('must be a number of days').min(1).max(365));

const keyBytes = 32;

interface ChatSettings {
  readonly MicrosoftAppId?: string | undefined;
  readonly SLACK_BOT_TOKEN?: string | undefined;
  readonly SLACK_CLIENT_ID?: string | undefined;
}
const slackOn = (env: ChatSettings) => Boolean(env.SLACK_BOT_TOKEN || env.SLACK_CLIENT_ID);
/** With a real chat; without one there is only the demo. */
const inProduction = (env: ChatSettings) => Boolean(env.MicrosoftAppId) || slackOn(env);

const environment = z
  .object({
    DATABASE_URL: url(['postgres', 'postgresql'], 'postgres://user:password@host:5432/usher'),
    REDIS_URL: url(['redis', 'rediss'], 'redis://host:6379'),
    DATA_DIR: text.default('.data'),
    PORT: text.default('3978').transform(Number).pipe(z.int('must be a port number').min(0).max(65_535)),
    PUBLIC_URL: url(['http', 'https'], 'https://usher.example.com'),
    SMTP_URL: url(['smtp', 'smtps'], 'smtp://user:password@host:587'),
    MAIL_FROM: text,
    MicrosoftAppId: text,
    MicrosoftAppPassword: text,
    MicrosoftAppTenantId: text,
    MicrosoftAppType: z
      .string()
      .trim()
      .transform((value) => value || 'SingleTenant')
      .default('SingleTenant')
      .pipe(z.enum(['SingleTenant', 'MultiTenant', 'UserAssignedMSI'])),
    BOT_OPENID_METADATA_URL: url(
      ['http', 'https'],
      'https://login.botframework.com/v1/.well-known/openidconfiguration',
    ),
    SLACK_BOT_TOKEN: text.refine((value) => value === undefined || value.startsWith('xoxb-'), {
      message: 'must be a bot token, which begins with xoxb-',
    }),
    SLACK_SIGNING_SECRET: text,
    SLACK_APP_TOKEN: text.refine((value) => value === undefined || value.startsWith('xapp-'), {
      message: 'must be an app-level token, which begins with xapp-',
    }),
    SLACK_API_URL: url(['http', 'https'], 'https://slack.com/api/'),
    SLACK_CLIENT_ID: text,
    SLACK_CLIENT_SECRET: text,
    SLACK_ENCRYPTION_KEY: text.refine(
      (value) => value === undefined || Buffer.from(value, 'base64').byteLength === keyBytes,
      { message: 'must be 32 random bytes in base64, such as from: openssl rand -base64 32' },
    ),
    SLACK_TEAM_IDS: text.transform((value) => (value ?? '').split(/[\s,]+/).filter((id) => id !== '')),
    BOOTSTRAP_ADMIN: text.pipe(z.email('must be an e-mail address').optional()),
    ORGANISATION_NAME: text,
    EXTEND_WITHIN_DAYS: days(usualSpans.extendWithinMinutes),
    RENEW_WITHIN_DAYS: days(usualSpans.renewWithinMinutes),
    USHER_ROLES: text
      .default('web,worker')
      .transform((value) => value.split(',').map((role) => role.trim()))
      .pipe(z.array(z.enum(['web', 'worker'], 'may hold web and worker')).min(1)),
    LOG_LEVEL: text.default('info').pipe(z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])),
  })
  .superRefine((env, context) => {
    const need = (field: keyof typeof env, message: string) =>
      context.addIssue({ code: 'custom', path: [field], message });
    if (env.MicrosoftAppId && !env.MicrosoftAppPassword && env.MicrosoftAppType !== 'UserAssignedMSI')
      need('MicrosoftAppPassword', 'is needed with MicrosoftAppId');
    if (env.MicrosoftAppPassword && !env.MicrosoftAppId) need('MicrosoftAppId', 'is needed with MicrosoftAppPassword');
    if (env.MicrosoftAppId && !env.MicrosoftAppTenantId)
      need('MicrosoftAppTenantId', 'is needed with MicrosoftAppId: only people of this tenant are let in');
    if (env.SLACK_BOT_TOKEN && env.SLACK_CLIENT_ID)
      need('SLACK_CLIENT_ID', 'is for several workspaces, SLACK_BOT_TOKEN for one: set one of them');
    if (slackOn(env) && !env.SLACK_SIGNING_SECRET && !env.SLACK_APP_TOKEN)
      need('SLACK_SIGNING_SECRET', 'is needed to know that a request is Slack’s; or SLACK_APP_TOKEN for Socket Mode');
    if (!slackOn(env) && (env.SLACK_SIGNING_SECRET || env.SLACK_APP_TOKEN))
      need('SLACK_BOT_TOKEN', 'is needed with the other settings of Slack');
    if (env.SLACK_CLIENT_ID && env.SLACK_APP_TOKEN)
      need('SLACK_APP_TOKEN', 'is for one workspace: several install over HTTP');
    for (const name of ['SLACK_CLIENT_SECRET', 'SLACK_ENCRYPTION_KEY'] as const)
      if (env.SLACK_CLIENT_ID && !env[name]) need(name, 'is needed with SLACK_CLIENT_ID');
    for (const name of ['SLACK_CLIENT_SECRET', 'SLACK_ENCRYPTION_KEY', 'SLACK_TEAM_IDS'] as const)
      if (!env.SLACK_CLIENT_ID && (env[name]?.length ?? 0) > 0) need('SLACK_CLIENT_ID', `is needed with ${name}`);
    if (env.SLACK_CLIENT_ID && env.SLACK_TEAM_IDS.length === 0)
      need('SLACK_TEAM_IDS', 'is needed with SLACK_CLIENT_ID: only these workspaces may install the app');
    const chat = env.MicrosoftAppId ? 'MicrosoftAppId' : env.SLACK_CLIENT_ID ? 'SLACK_CLIENT_ID' : 'SLACK_BOT_TOKEN';
    if (inProduction(env) && !env.PUBLIC_URL) need('PUBLIC_URL', `is needed with ${chat}: links in mails lead there`);
    if (inProduction(env) && !env.SMTP_URL)
      need('SMTP_URL', `is needed with ${chat}: invitations and codes go by mail`);
    if (env.SMTP_URL && !env.MAIL_FROM) need('MAIL_FROM', 'is needed with SMTP_URL: the sender of the mails');
    if (inProduction(env) && !env.BOOTSTRAP_ADMIN)
      need('BOOTSTRAP_ADMIN', 'is needed outside the demo: the e-mail of the first Global Administrator');
    if (env.REDIS_URL && !env.DATABASE_URL)
      need('DATABASE_URL', 'is needed with REDIS_URL: a shared queue belongs to a shared database');
    if (env.USHER_ROLES.length === 1 && !env.DATABASE_URL)
      need('DATABASE_URL', 'is needed to run web and worker apart: the embedded database belongs to one process');
  });

export interface Config {
  /** `null`: the embedded database in `dataDir`. */
  readonly databaseUrl: string | null;
  /** `null`: the queue is on the database. */
  readonly redisUrl: string | null;
  readonly dataDir: string;
  readonly port: number;
  /** Without a trailing slash; `null` until the port is known. */
  readonly publicUrl: string | null;
  /** `null`: mails are kept in `dataDir`. */
  readonly smtp: { readonly url: string; readonly from: string } | null;
  /** `null`: off. */
  readonly slack: SlackSettings | null;
  /** `null`: off; without an app id, for the demo's local clients only. */
  readonly teams: {
    readonly appId: string | null;
    readonly appPassword: string | null;
    readonly tenantId: string | null;
    readonly appType: 'SingleTenant' | 'MultiTenant' | 'UserAssignedMSI';
    readonly openIdMetadataUrl: string | null;
  } | null;
  /** Without an app in Teams or Slack there is only the demo, on loopback. */
  readonly demo: boolean;
  readonly bootstrapAdmin: string | null;
  readonly organisationName: string | null;
  readonly roles: { readonly web: boolean; readonly worker: boolean };
  readonly spans: ExtensionSpans;
  readonly logLevel: string;
}

/** A setting is missing or wrong; the message says which, and what it should be. */
export class BadSettings extends Error {
  constructor(problems: readonly string[]) {
    super(`${problems.join('. ')}. The README has a table of the settings.`);
    this.name = 'BadSettings';
  }
}

/** The only reader of the environment. @throws {BadSettings} */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const parsed = environment.safeParse(env);
  if (!parsed.success)
    throw new BadSettings(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`));
  const { data } = parsed;
  return {
    databaseUrl: data.DATABASE_URL ?? null,
    redisUrl: data.REDIS_URL ?? null,
    dataDir: data.DATA_DIR,
    port: data.PORT,
    publicUrl: data.PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    smtp: data.SMTP_URL && data.MAIL_FROM ? { url: data.SMTP_URL, from: data.MAIL_FROM } : null,
    slack: slackOn(data)
      ? {
          signingSecret: data.SLACK_SIGNING_SECRET ?? null,
          appToken: data.SLACK_APP_TOKEN ?? null,
          apiUrl: data.SLACK_API_URL ? `${data.SLACK_API_URL.replace(/\/+$/, '')}/` : null,
          botToken: data.SLACK_BOT_TOKEN ?? null,
          installing:
            data.SLACK_CLIENT_ID && data.SLACK_CLIENT_SECRET && data.SLACK_ENCRYPTION_KEY
              ? {
                  clientId: data.SLACK_CLIENT_ID,
                  clientSecret: data.SLACK_CLIENT_SECRET,
                  encryptionKey: Buffer.from(data.SLACK_ENCRYPTION_KEY, 'base64'),
                  teamIds: data.SLACK_TEAM_IDS,
                  publicUrl: data.PUBLIC_URL?.replace(/\/+$/, '') ?? '',
                  authorizeUrl: null,
                }
              : null,
        }
      : null,
    teams:
      data.MicrosoftAppId || !inProduction(data)
        ? {
            appId: data.MicrosoftAppId ?? null,
            appPassword: data.MicrosoftAppPassword ?? null,
            tenantId: data.MicrosoftAppTenantId ?? null,
            appType: data.MicrosoftAppType,
            openIdMetadataUrl: data.BOT_OPENID_METADATA_URL ?? null,
          }
        : null,
    demo: !inProduction(data),
    bootstrapAdmin: data.BOOTSTRAP_ADMIN ?? null,
    organisationName: data.ORGANISATION_NAME ?? null,
    roles: { web: data.USHER_ROLES.includes('web'), worker: data.USHER_ROLES.includes('worker') },
    spans: {
      extendWithinMinutes: data.EXTEND_WITHIN_DAYS * 1440,
      renewWithinMinutes: data.RENEW_WITHIN_DAYS * 1440,
    },
    logLevel: data.LOG_LEVEL,
  };
}
