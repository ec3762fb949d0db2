import { describe, expect, it } from 'vitest';
import { BadSettings, readConfig } from '../src/config.ts';

const teams = {
  MicrosoftAppId: 'app',
  MicrosoftAppPassword: 'password',
  MicrosoftAppTenantId: 'tenant',
  PUBLIC_URL: 'https://usher.example.com',
  BOOTSTRAP_ADMIN: 'admin@contoso.example',
  SMTP_URL: 'smtp://mail.contoso.example',
  MAIL_FROM: 'usher@contoso.example',
};
const slackAlone = {
  SLACK_BOT_TOKEN: 'xoxb-1',
  SLACK_SIGNING_SECRET: 'secret',
  PUBLIC_URL: 'https://usher.example.com',
  BOOTSTRAP_ADMIN: 'admin@contoso.example',
  SMTP_URL: 'smtp://mail.contoso.example',
  MAIL_FROM: 'usher@contoso.example',
};
const encryptionKey = Buffer.alloc(32, 7).toString('base64');
const severalWorkspaces = {
  ...slackAlone,
  SLACK_BOT_TOKEN: '',
  SLACK_CLIENT_ID: '1.2',
  SLACK_CLIENT_SECRET: 'client secret',
  SLACK_ENCRYPTION_KEY: encryptionKey,
  SLACK_TEAM_IDS: 'T1, T2',
};
const database = { DATABASE_URL: 'postgres://user:password@host:5432/usher' };

const problemsIn = (env: NodeJS.ProcessEnv): string => {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof BadSettings) return error.message;
    throw error;
  }
  return 'nothing';
};
const less = (settings: NodeJS.ProcessEnv, ...names: string[]) =>
  Object.fromEntries(Object.entries(settings).filter(([key]) => !names.includes(key)));
const without = (name: keyof typeof teams) => Object.fromEntries(Object.entries(teams).filter(([key]) => key !== name));

describe('the settings', () => {
  it('make the demo when there are none', () => {
    expect(readConfig({})).toEqual({
      databaseUrl: null,
      redisUrl: null,
      dataDir: '.data',
      port: 3978,
      publicUrl: null,
      smtp: null,
      slack: null,
      teams: { appId: null, appPassword: null, tenantId: null, appType: 'SingleTenant', openIdMetadataUrl: null },
      demo: true,
      bootstrapAdmin: null,
      organisationName: null,
      roles: { web: true, worker: true },
      spans: { extendWithinMinutes: 14 * 1440, renewWithinMinutes: 30 * 1440 },
      logLevel: 'info',
    });
  });

  it('are no demo with a Teams app', () => {
    expect(readConfig(teams)).toMatchObject({
      demo: false,
      publicUrl: 'https://usher.example.com',
      bootstrapAdmin: 'admin@contoso.example',
      teams: { appId: 'app', appPassword: 'password', tenantId: 'tenant', appType: 'SingleTenant' },
    });
  });

  it.each([
    'DATABASE_URL',
    'REDIS_URL',
    'DATA_DIR',
    'PORT',
    'PUBLIC_URL',
    'SMTP_URL',
    'MAIL_FROM',
    'MicrosoftAppId',
    'MicrosoftAppPassword',
    'MicrosoftAppTenantId',
    'MicrosoftAppType',
    'BOT_OPENID_METADATA_URL',
    'SLACK_BOT_TOKEN',
    'SLACK_SIGNING_SECRET',
    'SLACK_APP_TOKEN',
    'SLACK_API_URL',
    'SLACK_CLIENT_ID',
    'SLACK_CLIENT_SECRET',
    'SLACK_ENCRYPTION_KEY',
    'SLACK_TEAM_IDS',
    'BOOTSTRAP_ADMIN',
    'ORGANISATION_NAME',
    'USHER_ROLES',
    'LOG_LEVEL',
  ])('take an empty %s for none', (name) => {
    for (const empty of ['', '  ']) expect(readConfig({ [name]: empty })).toEqual(readConfig({}));
  });

  it('lose the slash at the end of the public address', () => {
    expect(readConfig({ PUBLIC_URL: 'https://usher.example.com/base//' }).publicUrl).toBe(
      'https://usher.example.com/base',
    );
  });

  it('send mail with an address and a sender', () => {
    expect(readConfig({ SMTP_URL: 'smtps://u:p@host:465', MAIL_FROM: 'Usher <usher@contoso.example>' }).smtp).toEqual({
      url: 'smtps://u:p@host:465',
      from: 'Usher <usher@contoso.example>',
    });
  });

  it.each([
    ['web', { web: true, worker: false }],
    ['worker', { web: false, worker: true }],
    ['web, worker', { web: true, worker: true }],
  ])('run the roles %s', (USHER_ROLES, roles) => {
    expect(readConfig({ ...database, USHER_ROLES }).roles).toEqual(roles);
  });

  it('ignore what is not theirs', () => {
    expect(readConfig({ PATH: '/bin', HOME: '/root' })).toEqual(readConfig({}));
  });
});

describe('a wrong setting is named:', () => {
  it.each([
    ['DATABASE_URL', { DATABASE_URL: 'mysql://host/db' }, 'postgres://'],
    ['DATABASE_URL', { DATABASE_URL: 'nonsense' }, 'postgres://'],
    ['REDIS_URL', { ...database, REDIS_URL: 'http://host' }, 'redis://'],
    ['PUBLIC_URL', { PUBLIC_URL: 'usher.example.com' }, 'https://'],
    ['PUBLIC_URL', { PUBLIC_URL: 'ftp://usher.example.com' }, 'https://'],
    ['PORT', { PORT: 'http' }, 'port number'],
    ['PORT', { PORT: '70000' }, 'port number'],
    ['PORT', { PORT: '-1' }, 'port number'],
    ['SMTP_URL', { SMTP_URL: 'host:25', MAIL_FROM: 'x' }, 'smtp://'],
    ['MicrosoftAppType', { ...teams, MicrosoftAppType: 'Single' }, 'SingleTenant'],
    ['BOT_OPENID_METADATA_URL', { BOT_OPENID_METADATA_URL: 'x' }, 'https://'],
    ['BOOTSTRAP_ADMIN', { BOOTSTRAP_ADMIN: 'admin' }, 'e-mail'],
    ['USHER_ROLES', { ...database, USHER_ROLES: 'web,queue' }, 'web and worker'],
    ['LOG_LEVEL', { LOG_LEVEL: 'loud' }, 'info'],
  ])('%s in %j', (name, env, hint) => {
    const problem = problemsIn(env);
    expect(problem).toMatch(new RegExp(`^${name}\\b`));
    expect(problem).toContain(hint);
    expect(problem).toContain('README');
  });
});

describe('settings that belong together:', () => {
  it.each([
    ['MicrosoftAppPassword', without('MicrosoftAppPassword'), 'is needed with MicrosoftAppId'],
    ['MicrosoftAppId', { MicrosoftAppPassword: 'password' }, 'is needed with MicrosoftAppPassword'],
    ['MicrosoftAppTenantId', without('MicrosoftAppTenantId'), 'is needed with MicrosoftAppId'],
    ['PUBLIC_URL', without('PUBLIC_URL'), 'is needed with MicrosoftAppId'],
    ['BOOTSTRAP_ADMIN', without('BOOTSTRAP_ADMIN'), 'first Global Administrator'],
    ['MAIL_FROM', { SMTP_URL: 'smtp://host:25' }, 'is needed with SMTP_URL'],
    ['DATABASE_URL', { REDIS_URL: 'redis://host:6379' }, 'is needed with REDIS_URL'],
    ['DATABASE_URL', { USHER_ROLES: 'worker' }, 'is needed to run web and worker apart'],
    ['DATABASE_URL', { USHER_ROLES: 'web' }, 'is needed to run web and worker apart'],
  ])('%s is missing in %j', (name, env, sentence) => {
    const problem = problemsIn(env);
    expect(problem).toMatch(new RegExp(`^${name} `));
    expect(problem).toContain(sentence);
    // One sentence, and where to look.
    expect(problem.split(/\. |\.$/).filter(Boolean)).toHaveLength(2);
  });

  it('need no password for a managed identity', () => {
    expect(problemsIn({ ...without('MicrosoftAppPassword'), MicrosoftAppType: 'UserAssignedMSI' })).toBe('nothing');
  });

  it('are told all at once', () => {
    const problem = problemsIn({ MicrosoftAppId: 'app' });
    for (const name of ['MicrosoftAppPassword', 'MicrosoftAppTenantId', 'PUBLIC_URL', 'BOOTSTRAP_ADMIN'])
      expect(problem).toContain(`${name} is needed`);
  });

  it.each(['SingleTenant', 'MultiTenant', 'UserAssignedMSI'])(
    'let nobody’s tenant in by leaving it out (%s)',
    (type) => {
      expect(problemsIn({ ...without('MicrosoftAppTenantId'), MicrosoftAppType: type })).toContain(
        'MicrosoftAppTenantId',
      );
    },
  );

  it('never tell a secret', () => {
    const problem = problemsIn({ DATABASE_URL: 'mysql://user:hunter2@host', MicrosoftAppPassword: 'hunter3' });
    expect(problem).not.toMatch(/hunter/);
  });
});

describe('Slack', () => {
  it('alone means production: no demo, and no Teams', () => {
    expect(readConfig(slackAlone)).toMatchObject({
      demo: false,
      teams: null,
      slack: { signingSecret: 'secret', botToken: 'xoxb-1', appToken: null, apiUrl: null, installing: null },
    });
  });

  it('stands beside Teams', () => {
    expect(readConfig({ ...teams, ...slackAlone })).toMatchObject({
      demo: false,
      teams: { appId: 'app' },
      slack: { botToken: 'xoxb-1' },
    });
    expect(readConfig(teams).slack).toBeNull();
  });

  it('comes by a socket without a signing secret', () => {
    expect(readConfig({ ...less(slackAlone, 'SLACK_SIGNING_SECRET'), SLACK_APP_TOKEN: 'xapp-1' }).slack).toMatchObject({
      signingSecret: null,
      appToken: 'xapp-1',
    });
  });

  it('is installed by several workspaces', () => {
    expect(readConfig({ ...severalWorkspaces, PUBLIC_URL: 'https://usher.example.com/' }).slack).toEqual({
      signingSecret: 'secret',
      botToken: null,
      appToken: null,
      apiUrl: null,
      installing: {
        clientId: '1.2',
        clientSecret: 'client secret',
        encryptionKey: Buffer.alloc(32, 7),
        teamIds: ['T1', 'T2'],
        publicUrl: 'https://usher.example.com',
        authorizeUrl: null,
      },
    });
  });

  it.each(['T1,T2', ' T1 , T2 ', 'T1 T2', 'T1,,T2,', 'T1\nT2'])('takes the workspaces as %j', (SLACK_TEAM_IDS) => {
    expect(readConfig({ ...severalWorkspaces, SLACK_TEAM_IDS }).slack?.installing?.teamIds).toEqual(['T1', 'T2']);
  });

  it.each(['https://slack.example/api', 'https://slack.example/api/', 'https://slack.example/api//'])(
    'is reached at %s as at any other spelling of it',
    (SLACK_API_URL) => {
      expect(readConfig({ ...slackAlone, SLACK_API_URL }).slack?.apiUrl).toBe('https://slack.example/api/');
    },
  );

  it.each<[string, NodeJS.ProcessEnv, string]>([
    ['SLACK_BOT_TOKEN', { ...slackAlone, SLACK_BOT_TOKEN: 'xoxp-1' }, 'xoxb-'],
    ['SLACK_APP_TOKEN', { ...slackAlone, SLACK_APP_TOKEN: 'xoxb-1' }, 'xapp-'],
    ['SLACK_API_URL', { ...slackAlone, SLACK_API_URL: 'slack.com/api' }, 'https://slack.com/api/'],
    ['SLACK_ENCRYPTION_KEY', { ...severalWorkspaces, SLACK_ENCRYPTION_KEY: 'short' }, 'openssl rand -base64 32'],
    [
      'SLACK_ENCRYPTION_KEY',
      { ...severalWorkspaces, SLACK_ENCRYPTION_KEY: Buffer.alloc(33).toString('base64') },
      '32 random bytes',
    ],
    ['SLACK_SIGNING_SECRET', less(slackAlone, 'SLACK_SIGNING_SECRET'), 'SLACK_APP_TOKEN for Socket Mode'],
    ['SLACK_SIGNING_SECRET', less(severalWorkspaces, 'SLACK_SIGNING_SECRET'), 'is needed'],
    ['SLACK_CLIENT_ID', { ...severalWorkspaces, SLACK_BOT_TOKEN: 'xoxb-1' }, 'set one of them'],
    ['SLACK_APP_TOKEN', { ...severalWorkspaces, SLACK_APP_TOKEN: 'xapp-1' }, 'several install over HTTP'],
    ['SLACK_CLIENT_SECRET', less(severalWorkspaces, 'SLACK_CLIENT_SECRET'), 'is needed with SLACK_CLIENT_ID'],
    ['SLACK_ENCRYPTION_KEY', less(severalWorkspaces, 'SLACK_ENCRYPTION_KEY'), 'is needed with SLACK_CLIENT_ID'],
    ['SLACK_TEAM_IDS', less(severalWorkspaces, 'SLACK_TEAM_IDS'), 'only these workspaces'],
    ['SLACK_TEAM_IDS', { ...severalWorkspaces, SLACK_TEAM_IDS: ' , ' }, 'only these workspaces'],
    ['SLACK_BOT_TOKEN', { SLACK_SIGNING_SECRET: 'secret' }, 'is needed with the other settings of Slack'],
    ['SLACK_BOT_TOKEN', { SLACK_APP_TOKEN: 'xapp-1' }, 'is needed with the other settings of Slack'],
    ['SLACK_CLIENT_ID', { SLACK_CLIENT_SECRET: 'secret' }, 'is needed with SLACK_CLIENT_SECRET'],
    ['SLACK_CLIENT_ID', { SLACK_ENCRYPTION_KEY: encryptionKey }, 'is needed with SLACK_ENCRYPTION_KEY'],
    ['SLACK_CLIENT_ID', { SLACK_TEAM_IDS: 'T1' }, 'is needed with SLACK_TEAM_IDS'],
    ['SLACK_CLIENT_ID', { ...slackAlone, SLACK_CLIENT_SECRET: 'secret' }, 'is needed with SLACK_CLIENT_SECRET'],
    ['PUBLIC_URL', less(slackAlone, 'PUBLIC_URL'), 'is needed with SLACK_BOT_TOKEN'],
    ['PUBLIC_URL', less(severalWorkspaces, 'PUBLIC_URL'), 'is needed with SLACK_CLIENT_ID'],
    ['SMTP_URL', less(slackAlone, 'SMTP_URL', 'MAIL_FROM'), 'is needed with SLACK_BOT_TOKEN'],
    ['BOOTSTRAP_ADMIN', less(slackAlone, 'BOOTSTRAP_ADMIN'), 'first Global Administrator'],
  ])('is refused where %s is wrong or missing in %j', (name, env, sentence) => {
    const problem = problemsIn(env);
    expect(problem).toMatch(new RegExp(`^${name} `));
    expect(problem).toContain(sentence);
    expect(problem).not.toMatch(/xoxb-1|xapp-1|client secret/);
    expect(problem.split(/\. |\.$/).filter(Boolean)).toHaveLength(2);
  });
});
