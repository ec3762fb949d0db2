import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { ConnectorQuestions } from './connector-process.ts';
import type { EchoQuestions } from './echo-process.ts';
import { type Client, connect, drive, type Measured } from './load.ts';
import {
  activity,
  addEligibles,
  addEnders,
  addEnding,
  addGuests,
  addOthers,
  addPending,
  addScopes,
  approver,
  click,
  counted,
  endsLeft,
  endsOf,
  guest,
  moveToSlack,
  oneApprover,
  organise,
  owed,
  pending,
} from './population.ts';
import { type Ask, type Questions, startProcess } from './processes.ts';
import {
  type Ends,
  type Large,
  type Results,
  revision,
  type Sent,
  type SlackRound,
  summary,
  type Told,
  type UsherRound,
  writeResults,
} from './results.ts';
import type { SlackBareQuestions, SlackBareSettings } from './slack-bare-process.ts';
import { connectToSlackApp, type SlackUsher, slackMinute, slackRound, slackSecrets } from './slack-measure.ts';
import { slackTeam, startSlackStub } from './slack-stub.ts';
import type { UsherProcessSettings, UsherQuestions } from './usher-process.ts';

// `npm run bench` measures everything and writes bench/RESULTS.md; `-- --quick` measures less, and writes nothing.

const parts = ['commands', 'slack', 'ends', 'large'] as const;
type Part = (typeof parts)[number];

const {
  values: options,
  positionals: [only],
} = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    /** A folder for a CPU profile of every process. */
    profile: { type: 'string' },
    /** Slack for a whole minute, in a quick run too. */
    minute: { type: 'boolean', default: false },
    postgres: { type: 'string', default: 'postgres://postgres@127.0.0.1:5432/postgres' },
    redis: { type: 'string', default: 'redis://127.0.0.1:6379' },
    /** The first of three numbers of Redis databases; each is emptied. */
    'redis-database': { type: 'string', default: '9' },
  },
});
if (only !== undefined && !parts.includes(only as Part)) throw new Error(`there is no part “${only}”`);
const wanted = (part: Part) => only === undefined || only === part;
const { quick } = options;
const size = quick
  ? {
      rounds: 1,
      seconds: 1,
      warmUpSeconds: 1,
      guests: 1_000,
      slackGuests: 10_000,
      endRounds: 1,
      ends: 500,
      firstEnds: 100,
      many: 20_000,
    }
  : {
      rounds: 3,
      seconds: 3,
      warmUpSeconds: 3,
      guests: 8_000,
      slackGuests: 20_000,
      endRounds: 3,
      ends: 10_000,
      firstEnds: 500,
      many: 1_000_000,
    };
/** How many seconds so many ends at once may take before fewer are measured. */
const bearable = 25;
const few = 1_000;
/** People who do something in Slack at once. */
const slackPaces = [1, 16] as const;

const cleaning: (() => Promise<unknown> | unknown)[] = [];
const say = (text: string) => console.log(`${new Date().toISOString().slice(11, 19)} ${text}`);
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function emptyDatabase(name: string): Promise<string> {
  const url = new URL(options.postgres);
  const run = async (statement: string) => {
    const client = new pg.Client({ connectionString: options.postgres });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  const database = `usher_bench_${process.pid}_${name}`;
  await run(`CREATE DATABASE ${database}`);
  cleaning.push(() => run(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`));
  url.pathname = `/${database}`;
  return url.href;
}

async function emptyRedis(offset: number): Promise<string> {
  const number = Number(options['redis-database']) + offset;
  const empty = async () => {
    const redis = new Redis(options.redis, { db: number });
    await redis.flushdb();
    await redis.quit();
  };
  await empty();
  cleaning.push(empty);
  return `${options.redis}/${number}`;
}

interface Connector {
  readonly serviceUrl: string;
  readonly openIdMetadataUrl: string;
  readonly token: string;
  readonly ask: Ask<ConnectorQuestions>;
}

interface Usher {
  readonly name: string;
  readonly ask: Ask<UsherQuestions>;
  readonly client: Client;
  /** Guests are used once each. */
  nextGuest: number;
  approved: number;
}

interface Echo {
  readonly ask: Ask<EchoQuestions>;
  readonly client: Client;
}

async function started<Q extends Questions>(file: string, settings: object, name: string): Promise<Ask<Q>> {
  const profile = options.profile ? join(options.profile, name) : null;
  const { ask, stop } = await startProcess<Q>(file, settings, profile);
  cleaning.push(stop);
  return ask;
}

async function startUsher(
  name: string,
  connector: Connector,
  served: boolean,
  redisOffset: number,
  slack: SlackBareSettings | null = null,
): Promise<Usher> {
  const dataDir = mkdtempSync(join(tmpdir(), 'usher-bench-'));
  cleaning.push(() => rmSync(dataDir, { recursive: true, force: true }));
  const settings: UsherProcessSettings = {
    databaseUrl: served ? await emptyDatabase(name) : null,
    redisUrl: served ? await emptyRedis(redisOffset) : null,
    dataDir,
    openIdMetadataUrl: connector.openIdMetadataUrl,
    slack,
  };
  const ask = await started<UsherQuestions>('usher-process.ts', settings, name);
  const client = connect(await ask.url(), connector.token);
  cleaning.push(() => client.close());
  await organise(ask, connector.serviceUrl);
  return { name, ask, client, nextGuest: 0, approved: 0 };
}

let activityIds = 0;
/** Sends something that a person did, and makes sure that it was done. */
async function send(client: Client, serviceUrl: string, who: string, what: object, expected: string): Promise<void> {
  const answer = await client.post(activity(serviceUrl, who, `b${++activityIds}`, what));
  if (answer.status !== 200 || !answer.body.includes(expected))
    throw new Error(`answered ${answer.status} without “${expected}”: ${answer.body.slice(0, 600)}`);
}

/**
 * Waits until nothing is owed to anybody, or, where messages to one person come one a second, until access is as it
 * should be; the milliseconds that it took.
 */
async function settled({ ask, name }: Usher, what: 'everything' | 'access' = 'everything'): Promise<number> {
  const start = performance.now();
  for (;;) {
    const { cards, assignments } = await owed(ask);
    if (assignments + (what === 'everything' ? cards : 0) === 0) return performance.now() - start;
    if (performance.now() - start > 120_000) throw new Error(`${name}: ${cards} cards are still owed`);
    await sleep(25);
  }
}

/** The processor time of a bot's process, a time for each of what it did. */
async function withCpu<M extends { readonly count: number }>(
  ask: Ask<{ cpuMs: () => number }>,
  measure: () => Promise<M>,
): Promise<M & { readonly cpuMs: number }> {
  const before = await ask.cpuMs();
  const measured = await measure();
  return { ...measured, cpuMs: ((await ask.cpuMs()) - before) / measured.count };
}

const echo = ({ ask, client }: Echo, { serviceUrl }: Connector, kind: 'message' | 'click', seconds: number) =>
  withCpu(ask, () =>
    drive({ seconds, times: Number.POSITIVE_INFINITY }, (index) =>
      kind === 'message'
        ? send(client, serviceUrl, guest(index).aadObjectId, { type: 'message', text: 'activate Contributor' }, '')
        : send(client, serviceUrl, guest(index).aadObjectId, click('echo', { justification: 'Measured' }), 'clicked'),
    ),
  );

/** Requests, and when everybody has been told of them, their approvals. */
async function usherRound(usher: Usher, { serviceUrl }: Connector, seconds: number): Promise<UsherRound> {
  const { client, ask, name } = usher;
  const told = async (drive: () => Promise<Measured>): Promise<Told> => {
    const measured = await withCpu(ask, async () => {
      const answered = await drive();
      return { ...answered, cardsMs: await settled(usher) };
    });
    return measured;
  };
  const first = usher.nextGuest;
  const requests = await told(() =>
    drive({ seconds, times: size.guests - first }, (index) => {
      const { aadObjectId, eligibilityId } = guest(first + index);
      const data = { assignmentId: eligibilityId, duration: '60', justification: 'Measured' };
      return send(client, serviceUrl, aadObjectId, click('activate', data), 'AdaptiveCard');
    }),
  );
  usher.nextGuest += requests.count;
  const waiting = await pending(ask);
  const approvals = await told(() =>
    drive({ seconds, times: waiting.length }, (index) => {
      const { requestId, aadObjectId } = waiting[index] as (typeof waiting)[number];
      const data = { requestId, justification: 'Agreed' };
      return send(client, serviceUrl, aadObjectId, click('approve', data), 'AdaptiveCard');
    }),
  );
  usher.approved += approvals.count;
  const { requests: made, provisioned, granted } = await counted(ask);
  if (made !== usher.nextGuest || provisioned !== usher.approved || granted !== usher.approved)
    throw new Error(`${name}: ${made} of ${usher.nextGuest} requests, ${granted} of ${usher.approved} granted`);
  return { requests, approvals };
}

/** What one request and one approval ask of the database and the queue, to their answer and after it. */
async function countSent(usher: Usher, connector: Connector): Promise<Sent> {
  const each = 10;
  const first = usher.nextGuest;
  usher.nextGuest += each;
  usher.approved += each;
  const { ask, client } = usher;
  const { serviceUrl } = connector;
  const perCommand = (all: [string, number][]) => all.map(([text, times]): [string, number] => [text, times / each]);
  const measure = async (act: (index: number) => Promise<void>) => {
    await ask.hold();
    await ask.sent();
    for (let index = 0; index < each; index += 1) await act(index);
    const answering = perCommand(await ask.sent());
    await ask.release();
    // Not by asking the database, which would be counted.
    await sleep(1_500);
    const following = perCommand(await ask.sent());
    await settled(usher);
    return { answering, following };
  };
  const request = await measure((index) => {
    const { aadObjectId, eligibilityId } = guest(first + index);
    const data = { assignmentId: eligibilityId, duration: '60', justification: 'Measured' };
    return send(client, serviceUrl, aadObjectId, click('activate', data), 'AdaptiveCard');
  });
  const waiting = (await pending(ask)).slice(-each);
  const approval = await measure((index) => {
    const { requestId, aadObjectId } = waiting[index] as (typeof waiting)[number];
    return send(
      client,
      serviceUrl,
      aadObjectId,
      click('approve', { requestId, justification: 'Agreed' }),
      'AdaptiveCard',
    );
  });
  return { request, approval };
}

const endsWithin = (perSecond: number) =>
  perSecond * bearable >= size.ends ? size.ends : Math.max(500, Math.round((perSecond * bearable) / 3 / 500) * 500);

let endRounds = 0;
/** `count` activations end at the same instant: from then until the last one is Ended and gone from the directory. */
async function ends(usher: Usher, count: number, waitForCards: boolean): Promise<Ends> {
  const round = ++endRounds;
  const { ask } = usher;
  // The activations are written for an instant far ahead, which is moved near when all of them are there.
  const ahead = new Date(Date.now() + 3_600_000);
  await addEnding(ask, round, count, ahead);
  await ask.run('ANALYZE');
  const dueAt = new Date(Math.ceil((Date.now() + 2_000 + count * 0.3) / 250) * 250);
  const instant = (at: Date) => `'${at.toISOString()}'::timestamptz`;
  for (const [table, column] of [
    ['Assignment', 'endsAt'],
    ['DirectoryGrant', 'endsAt'],
    ['Deadline', 'dueAt'],
  ])
    await ask.run(`UPDATE "${table}" SET "${column}" = ${instant(dueAt)} WHERE "${column}" = ${instant(ahead)}`);
  if (Date.now() > dueAt.getTime()) throw new Error('the activations were due before they were there');
  await ask.alarm(dueAt.getTime());
  await sleep(dueAt.getTime() - Date.now());
  while (await endsLeft(ask, dueAt)) {
    if (Date.now() - dueAt.getTime() > 120_000) throw new Error('the ends do not come');
    await sleep(50);
  }
  const seconds = (Date.now() - dueAt.getTime()) / 1000;
  const { ended, granted } = await endsOf(ask, round, count);
  if (ended !== count || granted !== 0)
    throw new Error(`${usher.name}: ${ended} of ${count} ended, ${granted} still granted`);
  if (!waitForCards) {
    // What is still to be told would stand in the next round's way.
    await ask.run('UPDATE "Card" SET shown = wanted WHERE shown < wanted');
    await ask.drain();
  }
  await settled(usher);
  const cardsSeconds = waitForCards ? (Date.now() - dueAt.getTime()) / 1000 : null;
  return { count, perSecond: count / seconds, cardsSeconds };
}

async function measureCommands(connector: Connector): Promise<Results['commands']> {
  const echoAsk = await started<EchoQuestions>('echo-process.ts', connector, 'echo');
  const echoClient = connect(await echoAsk.url(), connector.token);
  cleaning.push(() => echoClient.close());
  const [served, embedded] = await Promise.all([
    startUsher('commands', connector, true, 0),
    startUsher('embedded', connector, false, 0),
  ]);
  const echoBot: Echo = { ask: echoAsk, client: echoClient };
  for (const { ask } of [served, embedded]) {
    await addGuests(ask, connector.serviceUrl, size.guests);
    await ask.run('ANALYZE');
  }

  const sent = await countSent(served, connector);
  say('warming up');
  await echo(echoBot, connector, 'message', size.warmUpSeconds / 2);
  await echo(echoBot, connector, 'click', size.warmUpSeconds / 2);
  await usherRound(served, connector, size.warmUpSeconds);
  await usherRound(embedded, connector, size.warmUpSeconds);
  const rounds: { message: Told; click: Told; served: UsherRound; embedded: UsherRound }[] = [];
  for (let round = 1; round <= size.rounds; round += 1) {
    rounds.push({
      message: await echo(echoBot, connector, 'message', size.seconds),
      click: await echo(echoBot, connector, 'click', size.seconds),
      served: await usherRound(served, connector, size.seconds),
      embedded: await usherRound(embedded, connector, size.seconds),
    });
    const { message, click, served: s, embedded: e } = rounds.at(-1) as (typeof rounds)[number];
    const rate = ({ perSecond, cpuMs }: Told) => `${perSecond.toFixed(0)}/s (${cpuMs.toFixed(1)} ms)`;
    say(
      `round ${round}: echo ${rate(message)}, clicked ${rate(click)}; PostgreSQL requests ${rate(s.requests)}, ` +
        `approvals ${rate(s.approvals)}; embedded ${rate(e.requests)} and ${rate(e.approvals)}`,
    );
  }
  return { rounds, sent };
}

async function measureSlack(connector: Connector): Promise<Results['slack']> {
  const stub = await startSlackStub();
  cleaning.push(() => stub.close());
  const settings: SlackBareSettings = { apiUrl: stub.apiUrl, ...slackSecrets };
  const bareAsk = await started<SlackBareQuestions>('slack-bare-process.ts', settings, 'slack-bare');
  const bare = { ask: bareAsk, client: connectToSlackApp(await bareAsk.url()) };
  cleaning.push(() => bare.client.close());
  const served = await startUsher('slack', connector, true, 0, settings);
  const client = connectToSlackApp(await served.ask.url());
  cleaning.push(() => client.close());
  const guests = size.slackGuests;
  await addGuests(served.ask, connector.serviceUrl, guests);
  await moveToSlack(served.ask, slackTeam);
  await served.ask.run('ANALYZE');

  const usher: SlackUsher = { ask: served.ask, client, nextGuest: 0, approved: 0 };
  const given = { usher, bare, stub, guests, settled: () => settled(served) };
  say('warming up');
  for (const atOnce of slackPaces) await slackRound(given, size.warmUpSeconds, atOnce);
  const paces = slackPaces.map((atOnce) => ({ atOnce, rounds: [] as SlackRound[] }));
  for (let round = 1; round <= size.rounds; round += 1)
    for (const { atOnce, rounds } of paces) {
      const now = await slackRound(given, size.seconds, atOnce);
      rounds.push(now);
      const told = ({ p50Ms, p99Ms }: Measured) => `${p50Ms.toFixed(1)}/${p99Ms.toFixed(1)} ms`;
      say(
        `round ${round}, ${atOnce} at once: bare ${told(now.bareCommands)}, insert ${told(now.inserts)}, ` +
          `acknowledged ${told(now.commands)}, decided ${told(now.submissions)}`,
      );
    }
  if (quick && !options.minute) return { paces, minute: null };
  say('a minute');
  // Messages to so many take minutes more, and are not what this is about.
  const provisioned = async () => {
    while ((await owed(served.ask)).assignments > 0) await sleep(100);
  };
  return { paces, minute: await slackMinute({ ...given, settled: provisioned }, 60) };
}

async function measureEnds(connector: Connector): Promise<Results['ends']> {
  const [embedded, withFew, withMany] = await Promise.all([
    startUsher('embedded-ends', connector, false, 0),
    startUsher('few', connector, true, 1),
    startUsher('many', connector, true, 2),
  ]);
  for (const { ask } of [embedded, withFew, withMany]) await addEnders(ask, connector.serviceUrl, size.ends);
  for (const [{ ask, name }, count] of [
    [embedded, few],
    [withFew, few],
    [withMany, size.many],
  ] as const) {
    say(`${name}: ${count} other assignments`);
    await addOthers(ask, count);
    if (name === 'many') await ask.run('CHECKPOINT');
  }
  const rounds: { few: Ends; many: Ends; embedded: Ends }[] = [];
  const withCards = await ends(withFew, size.firstEnds, true);
  say(
    `warmed up: ${withCards.perSecond.toFixed(0)} ends/s, the last card after ${withCards.cardsSeconds?.toFixed(1)} s`,
  );
  const served = endsWithin((await ends(withMany, size.firstEnds, false)).perSecond);
  await ends(embedded, size.firstEnds, false);
  for (let round = 1; round <= size.endRounds; round += 1) {
    rounds.push({
      few: await ends(withFew, served, false),
      many: await ends(withMany, served, false),
      // The cards that wait can't be taken out of that queue, so fewer.
      embedded: await ends(embedded, size.ends / 10, false),
    });
    const { few: f, many: m, embedded: e } = rounds.at(-1) as (typeof rounds)[number];
    say(
      `round ${round}: ${f.perSecond.toFixed(0)} ends/s among ${few}, ${m.perSecond.toFixed(0)} among ${size.many}; ` +
        `embedded ${e.perSecond.toFixed(0)}`,
    );
  }
  return { rounds, withCards };
}

/** What grows with an organisation: much that waits, many roles of one person, many scopes. One after another. */
async function measureLarge(connector: Connector): Promise<readonly Large[]> {
  const { serviceUrl } = connector;
  const echoAsk = await started<EchoQuestions>('echo-process.ts', connector, 'echo-large');
  const bare = connect(await echoAsk.url(), connector.token);
  cleaning.push(() => bare.close());
  const usher = await startUsher('large', connector, true, 0);
  const { ask, client } = usher;
  const sizes = { pending: 1_000, inOne: 20, eligible: 200, scopes: 5_000 };
  const many = sizes.pending;
  await addGuests(ask, serviceUrl, many + 1);
  await oneApprover(ask);
  const waiting = await addPending(ask, sizes.pending);
  await addEligibles(ask, many, sizes.eligible - 1);
  await addScopes(ask, sizes.scopes);
  await ask.run('ANALYZE');

  const said = (text: string) => ({ type: 'message', text });
  const times = quick ? 10 : 50;
  const one = (act: (index: number) => Promise<void>, count = times) => drive({ seconds: 120, times: count }, act, 1);
  const bareClick = () =>
    send(bare, serviceUrl, guest(0).aadObjectId, click('echo', { justification: 'Measured' }), 'clicked');
  const bareMessage = () => send(bare, serviceUrl, guest(0).aadObjectId, said('roles'), '');
  const from = (who: string, what: object, expected: string) => () => send(client, serviceUrl, who, what, expected);
  await one(bareClick);
  await one(bareMessage);
  const click1 = await one(bareClick);
  const message1 = await one(bareMessage);

  const lists: Large[] = [];
  const list = async (name: string, who: string, text: string) => {
    const asked = from(who, said(text), '');
    await one(asked, 5);
    lists.push({ name, items: 1, measured: await one(asked), bare: message1 });
  };
  await list('`roles` of somebody with one eligible role', guest(0).aadObjectId, 'roles');
  await list(`\`roles\` of somebody with ${sizes.eligible}`, guest(many).aadObjectId, 'roles');
  await list(`\`approvals\` with ${sizes.pending} that wait`, approver(0), 'approvals');
  await list(`\`settings\` at one of ${sizes.scopes} scopes`, approver(1), 'settings Contributor --scope place-17');
  await list(`\`resources place-17\` among ${sizes.scopes}`, approver(1), 'resources place-17');
  await list(`\`members\` at one of ${sizes.scopes} scopes`, approver(1), 'members --scope place-17');
  const bulk = await one((index) => {
    const requestIds = waiting.slice(index * sizes.inOne, (index + 1) * sizes.inOne).join(',');
    const data = { requestIds, decision: 'approve', justification: 'Agreed' };
    return send(client, serviceUrl, approver(0), click('decide-several', data), 'AdaptiveCard');
  }, sizes.pending / sizes.inOne);
  const { provisioned } = await counted(ask);
  await settled(usher, 'access');
  const decided = (await counted(ask)).provisioned;
  if (decided !== sizes.pending) throw new Error(`${decided} of ${sizes.pending} decided (${provisioned} at once)`);
  return [
    ...lists,
    {
      name: `${sizes.pending} approvals in bulk, ${sizes.inOne} a click`,
      items: sizes.inOne,
      measured: bulk,
      bare: click1,
    },
  ];
}

/** Undoes everything, or what came after so many steps. */
const clean = async (from = 0) => {
  for (const step of cleaning.splice(from).reverse())
    await Promise.resolve(step()).catch((error: unknown) => console.error('cleaning up:', error));
};

async function serverVersions(): Promise<Results['servers']> {
  const client = new pg.Client({ connectionString: options.postgres });
  await client.connect();
  const { rows } = await client.query('SHOW server_version');
  await client.end();
  const redis = new Redis(options.redis);
  const info = await redis.info('server');
  await redis.quit();
  return { postgres: String(rows[0].server_version), redis: /redis_version:(\S+)/.exec(info)?.[1] ?? '?' };
}

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void clean().finally(() => process.exit(1)));

const start = performance.now();
const loadBefore = loadavg()[0] ?? 0;
const revisionBefore = revision();
try {
  const ask = await started<ConnectorQuestions>('connector-process.ts', {}, 'connector');
  const connector: Connector = { ...(await ask.where()), ask };
  const commands = wanted('commands') ? await measureCommands(connector) : null;
  // Nothing of one part runs beside the next.
  await clean(1);
  const slack = wanted('slack') ? await measureSlack(connector) : null;
  await clean(1);
  const measuredEnds = wanted('ends') ? await measureEnds(connector) : null;
  await clean(1);
  const large = wanted('large') ? await measureLarge(connector) : null;
  const seconds = (performance.now() - start) / 1000;
  const results: Results = {
    commands,
    ends: measuredEnds,
    slack,
    large,
    few,
    many: size.many,
    seconds,
    servers: await serverVersions(),
    load: [loadBefore, loadavg()[0] ?? 0],
    revisions: [revisionBefore, revision()],
  };
  console.log(`\n${summary(results)}`);
  if (!quick && !only && !options.profile) writeResults(results);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await clean();
}
