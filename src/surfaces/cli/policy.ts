import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Execute } from '../../commands/execute.ts';
import { applyPolicyFile, exportPolicy, type PolicyChange, planOf } from '../../commands/policy.ts';
import type { Clock, Reads } from '../../commands/ports.ts';
import { fingerprintOf } from '../../domain/policy.ts';
import { refusalLine } from '../../notifications/sentences.ts';
import { reachWords, settingValue, settingWords, warningWords } from '../../notifications/setting-words.ts';
import { type PolicyFile, readPolicyFile, writePolicyFile } from './policy-file.ts';

const usage = `npm run policy -- export                          prints all settings as a policy file
npm run policy -- plan FILE [--prune]             says what the file would change; exit code 2 if it would
npm run policy -- apply FILE [--plan ID] [--prune]  changes it, as it was planned or as it is planned now

--prune takes back what is set anywhere that the file does not name. docs/settings.md has more.`;

/** The exit codes: as it should be; something is wrong and nothing was changed; a plan that would change something. */
const exits = { fine: 0, wrong: 1, differs: 2 } as const;

const words = (time: Date): string => time.toISOString();

function describe({ state, lines, rules, eligible, active, reach, warnings }: PolicyChange): string[] {
  const { role, scope, audience } = state.place;
  const what = rules === null ? ': taken back' : state.inForce.ownVersion === 0 ? ': set' : '';
  return [
    `${role.name} at ${state.group ? `group ${state.group.name}` : scope.id}, for ${audience}${what}`,
    ...lines.map(
      ({ path, before, after }) =>
        `  ${settingWords(path, 'en')}: ${settingValue(path, before, 'en')} → ${settingValue(path, after, 'en')}`,
    ),
    `  Who is affected: ${eligible} who may activate it, ${active} who hold it.`,
    ...reach.map((stage, index) => `  ${reachWords(index + 1, stage, 'en')}`),
    ...warnings.map((warning) => `  Careful: ${warningWords(warning, 'en')}`),
  ];
}

/** The command line of policy files: answers with the exit code. Whoever may run it operates Usher. */
export async function runPolicy(
  args: readonly string[],
  parts: {
    readonly reads: Reads;
    readonly execute: Execute;
    readonly clock: Clock;
    readonly newId: () => string;
    /** Whose account on this machine it is. */
    readonly operator: string;
    readonly say: (text: string) => void;
    readonly complain: (text: string) => void;
  },
): Promise<number> {
  const { reads, execute, clock, newId, operator, say, complain } = parts;
  const wrong = (text: string): number => {
    complain(text);
    return exits.wrong;
  };

  async function read(path: string): Promise<PolicyFile | null> {
    const text = await readFile(path, 'utf8').catch(() => null);
    if (text === null) {
      complain(`${path} can’t be read.`);
      return null;
    }
    const found = readPolicyFile(text);
    if (!('faults' in found)) return found;
    for (const { line, path: at, problem } of found.faults)
      complain(`${path}${line ? `:${line}` : ''}: ${at ? `${at} ` : ''}${problem}`);
    return null;
  }

  async function plan(path: string, file: PolicyFile, prune: boolean): Promise<readonly PolicyChange[] | null> {
    const planned = await planOf(reads, file.entries, prune, clock());
    if (!('faults' in planned)) return planned;
    for (const { index, path: setting, refusal } of planned.faults) {
      const line = file.lineOf(index, setting);
      const at = ['settings', index, ...(setting ? [setting] : [])].join('.');
      complain(`${path}${line ? `:${line}` : ''}: ${at}: ${refusalLine(refusal, { time: words, language: 'en' })}`);
    }
    return null;
  }

  let given: ReturnType<typeof parse>;
  try {
    given = parse(args);
  } catch (error) {
    return wrong(`${error instanceof Error ? error.message : ''}\n${usage}`);
  }
  const [command, path, ...more] = given.positionals;
  const { prune = false } = given.values;
  if (command === 'export' && !path) {
    say(writePolicyFile(await exportPolicy(reads)).trimEnd());
    return exits.fine;
  }
  if ((command !== 'plan' && command !== 'apply') || !path || more.length > 0) return wrong(usage);
  const file = await read(path);
  const planned = file && (await plan(path, file, prune));
  if (!file || !planned) return wrong('Nothing was changed.');
  const id = fingerprintOf(planned);
  for (const line of planned.flatMap(describe)) say(line);
  if (planned.length === 0) {
    say('Nothing to change: the settings are like that already.');
    return exits.fine;
  }
  if (command === 'plan') {
    say(
      `Plan ${id}: ${planned.length} to change. To make exactly this change: npm run policy -- apply ${path}${prune ? ' --prune' : ''} --plan ${id}`,
    );
    return exits.differs;
  }
  const outcome = await execute(applyPolicyFile, {
    caller: { by: 'operator', account: operator },
    input: { entries: file.entries, prune, plan: given.values.plan ?? id },
    key: newId(),
  });
  if (!outcome.accepted) return wrong(refusalLine(outcome.refusal, { time: words, language: 'en' }));
  say(`Changed: ${outcome.answer.changed}.`);
  return exits.fine;
}

const parse = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { plan: { type: 'string' }, prune: { type: 'boolean' } },
  });
