import { type Client, concurrency, connectSlack, drive, type Measured, measured } from './load.ts';
import { asked, counted, decisions, guest, pending } from './population.ts';
import type { Ask } from './processes.ts';
import type { SlackMinute, SlackRound, SlackTold } from './results.ts';
import type { SlackBareQuestions } from './slack-bare-process.ts';
import { type SlackStub, slackTeam } from './slack-stub.ts';
import type { UsherQuestions } from './usher-process.ts';

export const slackSecrets = { botToken: 'xoxb-bench', signingSecret: 'the-secret-that-the-bench-signs-with' } as const;

export const connectToSlackApp = (url: string): Client => connectSlack(url, slackSecrets.signingSecret);

export interface SlackUsher {
  readonly ask: Ask<UsherQuestions>;
  readonly client: Client;
  /** Guests are used once each. */
  nextGuest: number;
  approved: number;
}

export interface SlackBare {
  readonly ask: Ask<SlackBareQuestions>;
  readonly client: Client;
}

let ids = 0;

async function post(client: Client, fields: object): Promise<string> {
  const { status, body } = await client.post(fields);
  if (status !== 200) throw new Error(`answered ${status}: ${body.slice(0, 300)}`);
  return body;
}

/** A slash command: how long the acknowledgement took, and the answer to its response address. */
async function command(
  client: Client,
  stub: SlackStub,
  userId: string,
  text: string,
): Promise<{ readonly ackMs: number; readonly answerMs: number }> {
  const { responseUrl, answered } = stub.expect();
  const began = performance.now();
  await post(client, {
    command: '/usher',
    text,
    user_id: userId,
    team_id: slackTeam,
    channel_id: `D${userId}`,
    trigger_id: `t${++ids}`,
    response_url: responseUrl,
    api_app_id: 'A_BENCH',
    is_enterprise_install: 'false',
  });
  const ackMs = performance.now() - began;
  await answered;
  return { ackMs, answerMs: performance.now() - began };
}

/** The modal in which a request is approved, as Slack sends it. */
const approval = (userId: string, requestId: string) => {
  const data = { verb: 'approve', requestId, justification: 'Agreed' };
  const origin = JSON.stringify({ at: 'message', channel: `D${userId}`, ts: `${++ids}.1` });
  return {
    payload: JSON.stringify({
      type: 'view_submission',
      team: { id: slackTeam },
      user: { id: userId, team_id: slackTeam },
      api_app_id: 'A_BENCH',
      is_enterprise_install: false,
      enterprise: null,
      view: {
        id: `V${++ids}`,
        type: 'modal',
        callback_id: 'usher',
        private_metadata: JSON.stringify({ data, origin }),
        state: { values: {} },
        blocks: [],
      },
    }),
  };
};

/** The modal goes, so it was decided; or it says that this takes longer, and then it is looked for afterwards. */
async function submit(client: Client, fields: object): Promise<void> {
  const body = await post(client, fields);
  if (body !== '' && !body.includes('"clear"') && !body.includes('One moment'))
    throw new Error(`not decided: ${body.slice(-600)}`);
}

async function withCpu<M extends { readonly count: number }>(
  ask: Ask<{ cpuMs: () => number }>,
  measure: () => Promise<M>,
): Promise<M & { readonly cpuMs: number }> {
  const before = await ask.cpuMs();
  const told = await measure();
  return { ...told, cpuMs: ((await ask.cpuMs()) - before) / told.count };
}

/** Commands: their acknowledgements, and their answers. */
async function commands(
  ask: Ask<{ cpuMs: () => number }>,
  limit: { readonly seconds: number; readonly times: number },
  atOnce: number,
  act: (index: number) => Promise<{ readonly ackMs: number; readonly answerMs: number }>,
): Promise<{ readonly acks: SlackTold; readonly answers: Measured }> {
  const answerMs: number[] = [];
  const start = performance.now();
  const acks = await withCpu(ask, () =>
    drive(
      limit,
      async (index) => {
        const took = await act(index);
        answerMs.push(took.answerMs);
        return took.ackMs;
      },
      atOnce,
    ),
  );
  return { acks, answers: measured(answerMs, (performance.now() - start) / 1000) };
}

const endless = Number.POSITIVE_INFINITY;

/** One round at one pace: the bare app, Usher, and the price of a transaction. */
export async function slackRound(
  parts: {
    readonly usher: SlackUsher;
    readonly bare: SlackBare;
    readonly stub: SlackStub;
    readonly settled: () => Promise<unknown>;
    readonly guests: number;
  },
  seconds: number,
  atOnce: number,
): Promise<SlackRound> {
  const { usher, bare, stub, settled, guests } = parts;
  const line = 'activate Contributor --for 60m --because Measured';
  const bareCommands = await commands(bare.ask, { seconds, times: endless }, atOnce, (index) =>
    command(bare.client, stub, guest(index).aadObjectId, line),
  );
  const bareSubmissions = await withCpu(bare.ask, () =>
    drive({ seconds, times: endless }, (index) => submit(bare.client, approval(guest(index).aadObjectId, 'x')), atOnce),
  );
  const inserts = await usher.ask.inserts(seconds, atOnce);

  const first = usher.nextGuest;
  const limit = { seconds, times: guests - first };
  const asking = await commands(usher.ask, limit, atOnce, (index) =>
    command(usher.client, stub, guest(first + index).aadObjectId, line),
  );
  usher.nextGuest += asking.acks.count;
  await settled();
  const waiting = await pending(usher.ask);
  const submissions = await withCpu(usher.ask, () =>
    drive(
      { seconds, times: waiting.length },
      (index) => {
        const { requestId, aadObjectId } = waiting[index] as (typeof waiting)[number];
        return submit(usher.client, approval(aadObjectId, requestId));
      },
      atOnce,
    ),
  );
  usher.approved += submissions.count;
  await settled();
  await check(usher);
  return {
    bareCommands: bareCommands.acks,
    bareAnswers: bareCommands.answers,
    bareSubmissions,
    inserts,
    commands: asking.acks,
    answers: asking.answers,
    submissions,
  };
}

/** Everything that was answered is there, and once. */
async function check({ ask, nextGuest, approved }: SlackUsher): Promise<void> {
  const { requests, provisioned, granted } = await counted(ask);
  const decided = await decisions(ask);
  if (requests !== nextGuest || provisioned !== approved || granted !== approved)
    throw new Error(`${requests} of ${nextGuest} requests, ${granted} of ${approved} granted`);
  if (decided.entries !== approved || decided.requests !== approved)
    throw new Error(`${decided.entries} decisions of ${decided.requests} requests, for ${approved} approvals`);
}

/**
 * So many people at once, for so long: each asks, is answered, and is approved by a modal that Slack delivers twice at
 * the same instant. Afterwards every request has been decided once, and is granted.
 */
export async function slackMinute(
  parts: {
    readonly usher: SlackUsher;
    readonly stub: SlackStub;
    readonly settled: () => Promise<unknown>;
    readonly guests: number;
  },
  seconds: number,
): Promise<SlackMinute> {
  const { usher, stub, settled, guests } = parts;
  const first = usher.nextGuest;
  const [ackMs, answerMs, decidedMs]: [number[], number[], number[]] = [[], [], []];
  const start = performance.now();
  const stories = await drive({ seconds, times: guests - first }, async (index) => {
    const { aadObjectId, eligibilityId } = guest(first + index);
    const took = await command(usher.client, stub, aadObjectId, 'activate Contributor --for 60m --because Measured');
    ackMs.push(took.ackMs);
    answerMs.push(took.answerMs);
    const { requestId, approver } = await asked(usher.ask, eligibilityId);
    const modal = approval(approver, requestId);
    const began = performance.now();
    await Promise.all([submit(usher.client, modal), submit(usher.client, modal)]);
    decidedMs.push(performance.now() - began);
  });
  const lasted = (performance.now() - start) / 1000;
  usher.nextGuest += stories.count;
  usher.approved += stories.count;
  await settled();
  await check(usher);
  return {
    seconds: lasted,
    atOnce: concurrency,
    commands: measured(ackMs, lasted),
    answers: measured(answerMs, lasted),
    submissions: measured(decidedMs, lasted),
  };
}
