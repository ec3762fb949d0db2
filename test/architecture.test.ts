import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectFile } from '../src/runtime/project-file.ts';

interface Found {
  readonly rule: { readonly name: string };
  readonly from: string;
}

interface Reading {
  readonly sources: readonly string[];
  readonly violations: readonly Found[];
}

const program = projectFile('node_modules/dependency-cruiser/bin/dependency-cruise.mjs');

/** What `npm run architecture` says of a folder with a src/ in it. */
function read(root: string): Reading {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [program, '--config', '.dependency-cruiser.cjs', 'src', '--output-type', 'json'],
    { cwd: root, encoding: 'utf8', maxBuffer: 100_000_000 },
  );
  if (!stdout) throw new Error(stderr);
  const { modules, summary } = JSON.parse(stdout) as {
    modules: { source: string }[];
    summary: { violations: Found[] };
  };
  return { sources: modules.map(({ source }) => source), violations: summary.violations };
}

/** A module to plant, what it says, and the rules that have to say no to it. */
const plants: readonly (readonly [rules: readonly string[], file: string, code: string])[] = [
  [
    ['domain-imports'],
    'src/domain/asks-a-port.ts',
    "import type { Reads } from '../commands/ports.ts'; export type A = Reads;",
  ],
  [['domain-imports'], 'src/domain/logs.ts', "import { newId } from '../runtime/new-id.ts'; newId();"],
  [['domain-imports-no-package'], 'src/domain/parses.ts', "import { z } from 'zod'; export const a = z.string();"],
  [
    ['domain-imports-no-package'],
    'src/domain/reads-a-file.ts',
    "import { readFileSync } from 'node:fs'; readFileSync('a');",
  ],
  [
    ['commands-imports'],
    'src/commands/queries.ts',
    "import type { PrismaClient } from '../store/generated/client.ts'; export type A = PrismaClient;",
  ],
  [
    ['commands-imports'],
    'src/commands/shows.ts',
    "import { refusalCard } from '../notifications/sentences.ts'; void refusalCard;",
  ],
  [
    ['commands-import-no-adapter'],
    'src/commands/calls.ts',
    "import { request } from 'node:https'; request('https://a.example');",
  ],
  [
    ['runtime-imports'],
    'src/runtime/knows-people.ts',
    "import type { Person } from '../domain/person.ts'; export type A = Person;",
  ],
  [
    ['connectors-imports'],
    'src/connectors/decides.ts',
    "import { approve } from '../commands/decide.ts'; void approve;",
  ],
  [
    ['notifications-imports'],
    'src/notifications/executes.ts',
    "import { approve } from '../commands/decide.ts'; void approve;",
  ],
  [
    ['notifications-imports'],
    'src/notifications/chats.ts',
    "import { words } from '../surfaces/chat/grammar.ts'; words('a');",
  ],
  [['store-imports'], 'src/store/executes.ts', "import { approve } from '../commands/decide.ts'; void approve;"],
  [
    ['store-only-bootstraps-as-somebody'],
    'src/store/acts.ts',
    "import { systemActor } from '../commands/who.ts'; void systemActor;",
  ],
  [
    ['store-takes-types-of-outer-ports'],
    'src/store/delivers.ts',
    "import { createDeliverCard } from '../notifications/deliver-card.ts'; void createDeliverCard;",
  ],
  [['jobs-imports'], 'src/jobs/writes.ts', "import { createWrites } from '../store/writes.ts'; void createWrites;"],
  [
    ['jobs-take-types-of-adapters'],
    'src/jobs/opens.ts',
    "import { openDatabase } from '../store/database.ts'; void openDatabase;",
  ],
  [
    ['surfaces-imports'],
    'src/surfaces/web/queries.ts',
    "import { createReads } from '../../store/reads.ts'; void createReads;",
  ],
  [
    ['surfaces-imports'],
    'src/surfaces/chat/enqueues.ts',
    "import type { Jobs } from '../../jobs/jobs.ts'; export type A = Jobs;",
  ],
  [
    ['surfaces-stay-apart'],
    'src/surfaces/web/speaks-teams.ts',
    "import { meaningOf } from '../teams/faults.ts'; meaningOf(null, 0);",
  ],
  [
    ['surfaces-stay-apart', 'chat-knows-no-platform'],
    'src/surfaces/chat/speaks-teams.ts',
    "import type { TeamsSettings } from '../teams/teams-surface.ts'; export type A = TeamsSettings;",
  ],
  [['only-main-composes'], 'src/jobs/composes.ts', "import { startUsher } from '../compose.ts'; void startUsher;"],
  [
    ['settings-are-handed-on'],
    'src/surfaces/web/reads-settings.ts',
    "import { readConfig } from '../../config.ts'; readConfig({});",
  ],
  [
    ['slack-sdk-in-slack'],
    'src/surfaces/chat/speaks-slack.ts',
    "import { WebClient } from '@slack/web-api'; void WebClient;",
  ],
  [['main-is-the-end'], 'src/runtime/runs.ts', "import '../main.ts';"],
  [
    ['only-src-ships'],
    'src/surfaces/web/fakes.ts',
    "import { eventually } from '../../../test/support/eventually.ts'; void eventually;",
  ],
  [
    ['only-src-ships'],
    'src/surfaces/web/demonstrates.ts',
    "import { personas } from '../../../dev/demo-organisation.ts'; void personas;",
  ],
  [
    ['teams-sdk-in-teams'],
    'src/surfaces/chat/builds-bots.ts',
    "import { CardFactory } from 'botbuilder'; void CardFactory;",
  ],
  [
    ['teams-sdk-in-teams'],
    'src/jobs/connects-bots.ts',
    "import type { ConnectorClient } from 'botframework-connector'; export type A = ConnectorClient;",
  ],
  [['database-in-store'], 'src/jobs/selects.ts', "import pg from 'pg'; void pg;"],
  [['database-in-store'], 'src/connectors/embeds.ts', "import { PGlite } from '@electric-sql/pglite'; void PGlite;"],
  [['redis-in-jobs'], 'src/surfaces/web/caches.ts', "import { Redis } from 'ioredis'; void Redis;"],
  [['queue-in-jobs'], 'src/store/queues.ts', "import { Queue } from 'bullmq'; void Queue;"],
  [['web-server-in-surfaces'], 'src/notifications/serves.ts', "import express from 'express'; express();"],
  [
    ['passkeys-in-web'],
    'src/surfaces/chat/checks.ts',
    "import { verifyAuthenticationResponse } from '@simplewebauthn/server'; void verifyAuthenticationResponse;",
  ],
  [
    ['mail-in-email'],
    'src/notifications/mails.ts',
    "import { createTransport } from 'nodemailer'; void createTransport;",
  ],
  [['grammar-in-chat'], 'src/surfaces/teams/parses.ts', "import { Command } from 'commander'; new Command();"],
  // A cycle is told once, of the first of its modules by name.
  [
    ['cards-in-notifications'],
    'src/surfaces/web/expands.ts',
    "import { Template } from 'adaptivecards-templating'; void Template;",
  ],
  [['production-dependencies'], 'src/runtime/checks.ts', "import fc from 'fast-check'; void fc;"],
  [['resolvable'], 'src/runtime/loses.ts', "import { a } from './nowhere.ts'; void a;"],
  [['in-use'], 'src/runtime/goes-round.ts', "import type { B } from './comes-round.ts'; export type A = B;"],
  [['no-cycles'], 'src/runtime/comes-round.ts', "import type { A } from './goes-round.ts'; export type B = A;"],
  [['no-orphans', 'in-use'], 'src/domain/forgotten.ts', 'export const forgotten = 1;'],
  [['in-use'], 'src/domain/unused.ts', "import { isUuid } from './ids.ts'; export const unused = isUuid;"],
];

const rulesOf = (reading: Reading, file: string): Set<string> =>
  new Set(reading.violations.filter(({ from }) => from === file).map(({ rule }) => rule.name));

describe('the source', () => {
  it('holds every rule of imports', () => {
    const { sources, violations } = read(projectFile('.'));
    const own = sources.filter((source) => source.startsWith('src/') && source.endsWith('.ts'));
    // A checker that reads nothing finds nothing.
    expect(own.length).toBeGreaterThan(60);
    expect(violations.map(({ rule, from }) => `${rule.name}: ${from}`)).toEqual([]);
  });

  it('reads the environment in one place', () => {
    const files = readdirSync(projectFile('src'), { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && !file.startsWith(join('store', 'generated')),
    );
    const lines = files.flatMap((file) =>
      readFileSync(projectFile(join('src', file)), 'utf8')
        .split('\n')
        .filter((line) => line.includes('process.env'))
        .map((line) => `${file}: ${line.trim()}`),
    );
    // main.ts hands it over, and config.ts reads it.
    expect(lines).toEqual(['main.ts: const configured = () => readConfig(process.env);']);
  });
});

describe('a planted violation', () => {
  let root: string;
  let reading: Reading;

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'usher-architecture-'));
    for (const path of [
      'src',
      'dev',
      'test/support',
      'cards',
      'package.json',
      'tsconfig.json',
      '.dependency-cruiser.cjs',
    ])
      cpSync(projectFile(path), join(root, path), { recursive: true });
    symlinkSync(projectFile('node_modules'), join(root, 'node_modules'), 'junction');
    for (const [, file, code] of plants) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), `${code}\n`);
    }
    // These two are narrow exceptions: what goes beyond them is a violation like any other.
    appendFileSync(join(root, 'src/surfaces/surface.ts'), "\nimport '../domain/ids.ts';\n");
    appendFileSync(join(root, 'src/surfaces/web/start-page.ts'), "\nimport '../email/mailer.ts';\n");
    reading = read(root);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it.each(plants.map(([rules, file, code]) => ({ rules, file, code })))('is found in $file', ({ rules, file }) => {
    expect([...rulesOf(reading, file)]).toEqual(expect.arrayContaining([...rules]));
  });

  it('is found where the port imports anything', () => {
    expect(rulesOf(reading, 'src/surfaces/surface.ts')).toContain('surfaces-port-imports');
  });

  it('is found where the start page runs code of another surface', () => {
    expect(rulesOf(reading, 'src/surfaces/web/start-page.ts')).toContain('start-page-shows-kept-mails');
  });

  it('leaves no rule untried', () => {
    const tried = new Set(reading.violations.map(({ rule }) => rule.name));
    const require = createRequire(import.meta.url);
    const config = require(projectFile('.dependency-cruiser.cjs')) as { forbidden: { name: string }[] };
    expect(config.forbidden.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([]);
  });

  it('is not found in a module that keeps the rules', () => {
    expect(readFileSync(join(root, 'src/domain/scope.ts'), 'utf8')).toContain('import');
    expect(rulesOf(reading, 'src/domain/scope.ts')).toEqual(new Set());
  });
});
