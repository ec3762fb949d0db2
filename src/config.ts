import { z } from 'zod';

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
    BOOTSTRAP_ADMIN: text.pipe(z.email('must be an e-mail address').optional()),
    ORGANISATION_NAME: text,
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
    if (env.MicrosoftAppId && !env.PUBLIC_URL)
      need('PUBLIC_URL', 'is needed with MicrosoftAppId: links in mails lead there');
    if (env.MicrosoftAppId && !env.SMTP_URL)
      need('SMTP_URL', 'is needed with MicrosoftAppId: invitations and codes go by mail');
    if (env.SMTP_URL && !env.MAIL_FROM) need('MAIL_FROM', 'is needed with SMTP_URL: the sender of the mails');
    if (env.MicrosoftAppId && !env.BOOTSTRAP_ADMIN)
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
  readonly teams: {
    readonly appId: string | null;
    readonly appPassword: string | null;
    readonly tenantId: string | null;
    readonly appType: 'SingleTenant' | 'MultiTenant' | 'UserAssignedMSI';
    readonly openIdMetadataUrl: string | null;
  };
  /** Without a Teams app there is only the demo, on loopback. */
  readonly demo: boolean;
  readonly bootstrapAdmin: string | null;
  readonly organisationName: string | null;
  readonly roles: { readonly web: boolean; readonly worker: boolean };
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
    teams: {
      appId: data.MicrosoftAppId ?? null,
      appPassword: data.MicrosoftAppPassword ?? null,
      tenantId: data.MicrosoftAppTenantId ?? null,
      appType: data.MicrosoftAppType,
      openIdMetadataUrl: data.BOT_OPENID_METADATA_URL ?? null,
    },
    demo: !data.MicrosoftAppId,
    bootstrapAdmin: data.BOOTSTRAP_ADMIN ?? null,
    organisationName: data.ORGANISATION_NAME ?? null,
    roles: { web: data.USHER_ROLES.includes('web'), worker: data.USHER_ROLES.includes('worker') },
    logLevel: data.LOG_LEVEL,
  };
}
