import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { concurrency, type Measured, median } from './load.ts';

export interface Told extends Measured {
  /** Of the bot's process, for each. */
  readonly cpuMs: number;
  /** From the last answer until everybody had their card; nothing where that is part of the answer. */
  readonly cardsMs?: number;
}

export interface UsherRound {
  readonly requests: Told;
  readonly approvals: Told;
}

export interface Ends {
  readonly count: number;
  readonly perSecond: number;
  /** Until the last card told of it, where that was waited for. */
  readonly cardsSeconds: number | null;
}

export interface SlackTold extends Measured {
  /** Of the app's process, for each. */
  readonly cpuMs: number;
}

export interface SlackRound {
  /** Acknowledgements. */
  readonly bareCommands: SlackTold;
  readonly commands: SlackTold;
  /** At the response addresses. */
  readonly bareAnswers: Measured;
  readonly answers: Measured;
  /** Until the modal is answered, which for Usher is when it is decided. */
  readonly bareSubmissions: SlackTold;
  readonly submissions: SlackTold;
  readonly inserts: Measured;
}

export interface SlackMinute {
  readonly seconds: number;
  readonly atOnce: number;
  readonly commands: Measured;
  readonly answers: Measured;
  readonly submissions: Measured;
}

type PerCommand = readonly (readonly [string, number])[];
export interface SentBy {
  readonly answering: PerCommand;
  readonly following: PerCommand;
}
export interface Sent {
  readonly request: SentBy;
  readonly approval: SentBy;
}

/** One thing that grows with an organisation, one after another, beside what the bare bot takes for one of its kind. */
export interface Large {
  readonly name: string;
  /** That one answer deals with. */
  readonly items: number;
  readonly measured: Measured;
  readonly bare: Measured;
}

export interface Results {
  readonly commands: {
    readonly rounds: readonly {
      readonly message: Told;
      readonly click: Told;
      readonly served: UsherRound;
      readonly embedded: UsherRound;
    }[];
    readonly sent: Sent;
  } | null;
  readonly ends: {
    readonly rounds: readonly { readonly few: Ends; readonly many: Ends; readonly embedded: Ends }[];
    readonly withCards: Ends;
  } | null;
  readonly slack: {
    readonly paces: readonly { readonly atOnce: number; readonly rounds: readonly SlackRound[] }[];
    readonly minute: SlackMinute | null;
  } | null;
  readonly large: readonly Large[] | null;
  readonly few: number;
  readonly many: number;
  readonly seconds: number;
  /** Of PostgreSQL and Redis. */
  readonly servers: { readonly postgres: string; readonly redis: string };
  /** Processes that wanted a processor besides, at the start and at the end. */
  readonly load: readonly [number, number];
  /** Of the sources, at the start and at the end. */
  readonly revisions: readonly [string, string];
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map((_, index) => (index === 0 ? '---' : '---:')), ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');

const whole = (value: number) => Math.round(value).toLocaleString('en');
const percent = (share: number) => `${Math.round(share * 100)} %`;
/** A round above and one below say that the rounds don't tell. */
const verdict = (rounds: readonly boolean[]) => {
  const met = rounds.filter(Boolean).length;
  if (met === rounds.length) return 'met';
  return met === 0 ? '**missed**' : `**not decided**: met in ${met} of ${rounds.length} rounds`;
};
const between = (values: readonly number[], write: (value: number) => string) =>
  `${write(median(values))} (${write(Math.min(...values))} to ${write(Math.max(...values))})`;

function commandsPart({ rounds, sent }: NonNullable<Results['commands']>): string {
  const rowOf = (name: string, of: (round: (typeof rounds)[number]) => Told): string[] => {
    const all = rounds.map(of);
    const mid = (value: (told: Told) => number) => median(all.map(value));
    const against = (echo: 'message' | 'click') =>
      percent(median(rounds.map((round) => of(round).perSecond / round[echo].perSecond)));
    const cards = all.every(({ cardsMs }) => cardsMs !== undefined);
    return [
      name,
      whole(mid(({ perSecond }) => perSecond)),
      against('message'),
      against('click'),
      mid(({ p50Ms }) => p50Ms).toFixed(0),
      mid(({ p99Ms }) => p99Ms).toFixed(0),
      mid(({ cpuMs }) => cpuMs).toFixed(1),
      cards ? (mid(({ cardsMs = 0 }) => cardsMs) / 1000).toFixed(1) : 'in the answer',
    ];
  };
  const sentRow = (name: string, { answering, following }: SentBy) => {
    const total = (list: PerCommand, redis: boolean) =>
      list.filter(([text]) => text.startsWith('redis ') === redis).reduce((sum, [, times]) => sum + times, 0);
    return [
      name,
      total(answering, false).toFixed(0),
      total(following, false).toFixed(0),
      (total(answering, true) + total(following, true)).toFixed(0),
    ];
  };
  return `${table(
    ['', 'answers/s', 'of the echo', 'of the echo, clicked', 'p50 ms', 'p99 ms', 'CPU ms each', 'last card after, s'],
    [
      rowOf('Bare bot, a message is echoed', ({ message }) => message),
      rowOf('Bare bot, a click is answered', ({ click }) => click),
      rowOf('PostgreSQL + Redis: requests', ({ served }) => served.requests),
      rowOf('PostgreSQL + Redis: approvals', ({ served }) => served.approvals),
      rowOf('Embedded: requests', ({ embedded }) => embedded.requests),
      rowOf('Embedded: approvals', ({ embedded }) => embedded.approvals),
    ],
  )}

${table(
  ['statements for one', 'SQL, until the answer', 'SQL, afterwards', 'Redis commands'],
  [sentRow('request', sent.request), sentRow('approval', sent.approval)],
)}`;
}

function endsPart({ rounds, withCards }: NonNullable<Results['ends']>, { few, many }: Results): string {
  const rowOf = (name: string, of: (round: (typeof rounds)[number]) => Ends) => [
    name,
    whole(median(rounds.map((round) => of(round).count))),
    between(
      rounds.map((round) => of(round).perSecond),
      whole,
    ),
  ];
  return `${table(
    ['', 'due at once', 'ends/s'],
    [
      rowOf(`PostgreSQL + Redis, among ${whole(few)} others`, (round) => round.few),
      rowOf(`PostgreSQL + Redis, among ${whole(many)} others`, (round) => round.many),
      rowOf(`Embedded, among ${whole(few)} others`, (round) => round.embedded),
    ],
  )}

When ${whole(withCards.count)} end at once on PostgreSQL, the last card that tells of it is there ${withCards.cardsSeconds?.toFixed(1) ?? '–'} s after the instant.`;
}

const largePart = (large: readonly Large[]): string =>
  table(
    ['PostgreSQL + Redis, one after another', 'p50 ms', 'p99 ms', 'of the bare bot’s p50', 'items a second'],
    large.map(({ name, items, measured, bare }) => [
      name,
      measured.p50Ms.toFixed(0),
      measured.p99Ms.toFixed(0),
      `× ${(measured.p50Ms / bare.p50Ms).toFixed(1)}`,
      whole(measured.perSecond * items),
    ]),
  );

/** Twice what the bare app takes, and a transaction. */
const slackLimit = ({ bareCommands, inserts }: SlackRound) => 2 * bareCommands.p99Ms + inserts.p99Ms;

function slackPart({ paces, minute }: NonNullable<Results['slack']>): string {
  const cells = (all: readonly Measured[]) => {
    const mid = (value: (one: Measured) => number) => median(all.map(value));
    return [
      whole(mid(({ perSecond }) => perSecond)),
      mid(({ p50Ms }) => p50Ms).toFixed(1),
      mid(({ p99Ms }) => p99Ms).toFixed(1),
    ];
  };
  const rows = paces.flatMap(({ atOnce, rounds }) => {
    const row = (name: string, of: (round: SlackRound) => Measured & { readonly cpuMs?: number }) => {
      const all = rounds.map(of);
      const cpu = all.every(({ cpuMs }) => cpuMs !== undefined);
      return [name, String(atOnce), ...cells(all), cpu ? median(all.map(({ cpuMs = 0 }) => cpuMs)).toFixed(1) : ''];
    };
    return [
      row('Bare Bolt, a command is acknowledged', (round) => round.bareCommands),
      row('Bare Bolt, and answered', (round) => round.bareAnswers),
      row('Bare Bolt, a modal is acknowledged', (round) => round.bareSubmissions),
      row('One insert and its commit', (round) => round.inserts),
      row('Usher, a command is acknowledged', (round) => round.commands),
      row('Usher, and answered', (round) => round.answers),
      row('Usher, an approval in a modal is decided', (round) => round.submissions),
    ];
  });
  const all = table(['on PostgreSQL + Redis', 'at once', 'a second', 'p50 ms', 'p99 ms', 'CPU ms each'], rows);
  if (!minute) return all;
  const told = table(
    [`${minute.atOnce} people at once for ${Math.round(minute.seconds)} s`, 'count', 'a second', 'p50 ms', 'p99 ms'],
    [
      ['commands, acknowledged', whole(minute.commands.count), ...cells([minute.commands])],
      ['commands, answered', whole(minute.answers.count), ...cells([minute.answers])],
      [
        'approvals, delivered twice at the same instant',
        whole(minute.submissions.count),
        ...cells([minute.submissions]),
      ],
    ],
  );
  return `${all}\n\n${told}\n\nNone of these was lost, and none was decided twice.`;
}

function targets({ commands, ends, slack, few, many }: Results): string {
  const rows: string[][] = [];
  if (commands) {
    const shares = (of: (round: UsherRound) => Told) =>
      commands.rounds.map(({ served, message }) => of(served).perSecond / message.perSecond);
    for (const [name, is] of [
      ['requests on PostgreSQL', shares(({ requests }) => requests)],
      ['approvals on PostgreSQL', shares(({ approvals }) => approvals)],
    ] as const)
      rows.push([
        `${name}, of the bare bot`,
        '33 % or more',
        between(is, percent),
        verdict(is.map((share) => share >= 1 / 3)),
      ]);
  }
  if (ends) {
    const rates = ends.rounds.map((round) => round.few.perSecond);
    const slower = ends.rounds.map((round) => 1 - round.many.perSecond / round.few.perSecond);
    rows.push([
      'ends a second on PostgreSQL',
      '1,000 or more',
      between(rates, whole),
      verdict(rates.map((rate) => rate >= 1_000)),
    ]);
    rows.push([
      `slower among ${whole(many)} others than among ${whole(few)}`,
      'less than 20 %',
      between(slower, percent),
      verdict(slower.map((share) => share < 0.2)),
    ]);
  }
  for (const { atOnce, rounds } of slack?.paces ?? [])
    rows.push([
      `Slack: p99 of acknowledging a command, ${atOnce} at once`,
      `${between(rounds.map(slackLimit), (ms) => `${ms.toFixed(0)} ms`)} or less`,
      between(
        rounds.map((round) => round.commands.p99Ms),
        (ms) => `${ms.toFixed(0)} ms`,
      ),
      verdict(rounds.map((round) => round.commands.p99Ms <= slackLimit(round))),
    ]);
  return table(['target', 'wanted', 'median (lowest to highest round)', ''], rows);
}

/** What was measured, as Markdown. */
export const summary = (results: Results): string =>
  [
    (results.commands ?? results.ends ?? results.slack) && targets(results),
    results.commands && `## Requests and approvals\n\n${commandsPart(results.commands)}`,
    results.slack && `## Slack\n\n${slackPart(results.slack)}`,
    results.large && `## Large organisations\n\n${largePart(results.large)}`,
    results.ends && `## Ends\n\n${endsPart(results.ends, results)}`,
  ]
    .filter(Boolean)
    .join('\n\n');

const versionOf = (name: string): string =>
  JSON.parse(readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), 'utf8')).version;

/** The revision that was measured; with a mark where the sources were not as committed. */
export function revision(): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' }).trim();
  try {
    const changed = git('status', '--porcelain', '--', '../src', '../prisma', '../cards') !== '';
    return `${git('rev-parse', '--short', 'HEAD')}${changed ? ' **with changes that are not committed**' : ''}`;
  } catch {
    return 'unknown';
  }
}

export function writeResults(results: Results): void {
  const [cpu] = cpus();
  const packages = ['botbuilder', '@slack/bolt', 'express', '@prisma/client', 'pg', 'bullmq', '@electric-sql/pglite'];
  const text = `# Benchmark results

Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}, of revision ${[...new Set(results.revisions)].join(', which meanwhile became ')}, in ${Math.round(results.seconds)} s; don't edit.

${cpus().length} × ${cpu?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, ${platform()} ${arch()}, load average ${results.load[0].toFixed(1)} at the start and ${results.load[1].toFixed(1)} at the end. Node ${process.version}, PostgreSQL ${results.servers.postgres}, Redis ${results.servers.redis}, ${packages.map((name) => `${name} ${versionOf(name)}`).join(', ')}.

${summary(results)}

## How to read it

- *Answers a second* are HTTP answers of \`POST /api/messages\`, ${concurrency} at once. The bare bot is botbuilder's CloudAdapter in express, which authenticates the same tokens and answers with one fixed card: to a message through the Bot Connector, to a click in the HTTP answer itself. Usher's requests and approvals are clicks; what they are compared with for the target is the echoed message.
- Everything runs on one machine, and whatever else runs there takes part in it. The shares of the echo compare neighbours in time and are steadier than the numbers a second; *CPU ms each* is the processor time of the bot's process alone, with everything that follows from an answer, and the steadiest of all.
- Usher's process does the web's and the worker's work while it is measured: cards are delivered, access is granted and read back meanwhile. *Last card after* is how long it took from the last answer until nothing was owed to anybody.
- *Slack*: acknowledgements are HTTP answers of \`POST /slack/events\`; a command is answered at its response address, and the next one waits for that. The bare app is Bolt with its ExpressReceiver, which checks the same signatures and says one thing after \`ack()\`. What is wanted of Usher's acknowledgement is twice the bare app's and one transaction, for it is written down before Slack hears that it is taken care of; the price of a transaction is an insert and its commit on Usher's own pool, with as many at once, in the same round. A modal is answered when it is decided.
- *Large organisations*: one person after another, each answer to its end; beside it the bare bot's answer to a message or a click in the same minute. In bulk, one person decides 20 requests a click.
- *Ends a second*: from the instant at which all are due until each is Ended in the database and gone from the built-in directory. Each is an activation with its request, its grant and two posted cards, at one of 2,500 places. On PostgreSQL there are 10,000 of them, or where that takes longer than 25 s, as many as end in about eight.

## How it is measured

\`bench/run.ts\` is the client; the bare bot, each Usher and a Bot Connector that takes every card (\`connector-process.ts\`) are processes of their own. Tokens are RS256, keys are fetched from the connector's OpenID metadata. Each Usher starts on an empty database with 2,500 places that have an approver each, so that Teams' rates for one chat hold nobody up. After warming up, rounds of echo, PostgreSQL and embedded follow each other; the medians are shown. After each round it is checked that every request and approval that was answered is in the database, and granted. Slack's requests are signed and sent to Usher itself; its Web API is a stub in the client's process (\`slack-stub.ts\`) that answers everything at once. For the minute each of ${concurrency} asks by a command, and is approved by a modal that is delivered twice; requests, decisions on record and grants are counted afterwards. Statements are counted at \`pg.Client.query\` and ioredis' \`sendCommand\`, over ten commands one after another.

\`npm run bench -- --quick\` measures less and writes nothing; \`--profile <folder>\` writes CPU profiles; \`-- commands\`, \`-- slack\`, \`-- ends\` or \`-- large\` does one part. PostgreSQL and Redis are expected at 127.0.0.1 (\`--postgres\`, \`--redis\`); databases named \`usher_bench_…\` are made and dropped, and the Redis databases 9 to 11 (\`--redis-database\`) are emptied.
`;
  const file = fileURLToPath(new URL('RESULTS.md', import.meta.url));
  writeFileSync(file, text);
  // As the linter wants it.
  execFileSync(fileURLToPath(new URL('../node_modules/.bin/biome', import.meta.url)), ['format', '--write', file]);
}
