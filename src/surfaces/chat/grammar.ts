import { Command, CommanderError } from 'commander';

/** What somebody typed, understood: a verb with its arguments, or an explanation. */
export type Parsed =
  | { readonly kind: 'command'; readonly verb: string; readonly args: Readonly<Record<string, string>> }
  | { readonly kind: 'help'; readonly title: string; readonly lines: readonly string[] }
  | { readonly kind: 'unclear'; readonly problem: string };

/** A command as the menu lists it. */
export interface Listed {
  readonly verb: string;
  readonly title: string;
  readonly usage: string;
  readonly summary: string;
}

interface Definition extends Listed {
  readonly arguments?: readonly string[];
  readonly options?: readonly (readonly [flags: string, description: string])[];
  /** Administrators' commands are listed for those who may use them. */
  readonly for?: 'inviters' | 'auditors' | 'approvers';
}

/** One grammar for both chats: `/usher …` in Slack, the same words in Teams. */
const definitions: readonly Definition[] = [
  { verb: 'roles', title: 'My roles', usage: 'roles', summary: 'What you can activate, with buttons' },
  {
    verb: 'activate',
    title: 'Activate a role',
    usage: 'activate Contributor --for 4h --because "Quarter end"',
    summary: 'Ask to activate a role that you are eligible for',
    arguments: ['[role...]'],
    options: [
      ['--scope <scope>', 'where, if you are eligible for the role at several scopes'],
      ['--for <duration>', 'how long, such as 30m, 4h or 1h30m'],
      ['--because <justification>', 'why you need it'],
      ['--ticket <ticket>', 'the number of the ticket'],
    ],
  },
  { verb: 'status', title: 'My status', usage: 'status', summary: 'Your requests and what is active now' },
  {
    verb: 'cancel',
    title: 'Cancel a request',
    usage: 'cancel',
    summary: 'Take back a request that waits',
    arguments: ['[requestId]'],
  },
  {
    verb: 'deactivate',
    title: 'Deactivate a role',
    usage: 'deactivate',
    summary: 'Give up an active role before its end',
    arguments: ['[assignmentId]'],
  },
  {
    verb: 'approvals',
    title: 'Waiting for me',
    usage: 'approvals',
    summary: 'Requests that wait for your decision',
    for: 'approvers',
  },
  {
    verb: 'approve',
    title: 'Approve',
    usage: 'approve 1a2b3c4d --because "Agreed with finance"',
    summary: 'Approve a request',
    arguments: ['[requestId]'],
    options: [['--because <justification>', 'your reason; required']],
    for: 'approvers',
  },
  {
    verb: 'deny',
    title: 'Deny',
    usage: 'deny 1a2b3c4d --because "Not this quarter"',
    summary: 'Deny a request',
    arguments: ['[requestId]'],
    options: [['--because <justification>', 'your reason; required']],
    for: 'approvers',
  },
  {
    verb: 'invite',
    title: 'Invite a guest',
    usage: 'invite guest@partner.example --role Contributor --scope rg-expenses --for 90d',
    summary: 'Invite somebody by e-mail; without an address, as a form',
    arguments: ['[email]'],
    options: [
      ['--role <role>', 'a role to make them eligible for'],
      ['--scope <scope>', 'where they are to hold it'],
      ['--eligible', 'as an eligible assignment, which they activate when they need it; always so at present'],
      ['--for <duration>', 'how long they stay eligible, such as 90d'],
      ['--message <message>', 'your words in the mail'],
      ['--name <name>', 'their name'],
      ['--company <company>', 'their company'],
    ],
    for: 'inviters',
  },
  {
    verb: 'resend',
    title: 'Send an invitation again',
    usage: 'resend guest@partner.example',
    summary: 'Send the mail again, with a new link',
    arguments: ['<email>'],
    for: 'inviters',
  },
  {
    verb: 'revoke',
    title: 'Revoke an invitation',
    usage: 'revoke guest@partner.example',
    summary: 'Take an invitation back',
    arguments: ['<email>'],
    for: 'inviters',
  },
  {
    verb: 'audit',
    title: 'Audit',
    usage: 'audit, or audit verify',
    summary: 'Who did what; “audit verify” proves the record',
    arguments: ['[verify]'],
    options: [['--page <page>', 'which page, counted from the newest']],
    for: 'auditors',
  },
  {
    verb: 'link',
    title: 'Link this account',
    usage: 'link you@company.example',
    summary: 'Tell me who you are, if I ask',
    arguments: ['[email]'],
  },
  {
    verb: 'code',
    title: 'Enter a code',
    usage: 'code 12345678',
    summary: 'The code from my mail',
    arguments: ['[code...]'],
  },
  {
    verb: 'help',
    title: 'Help',
    usage: 'help invite',
    summary: 'What you can do, and how a command is written',
    arguments: ['[command]'],
  },
];

/** What the menu offers: only what can be used without further words, and by this person. */
export const listed = (may: {
  readonly invite: boolean;
  readonly audit: boolean;
  readonly approve: boolean;
}): Listed[] => {
  const inMenu = new Set(['roles', 'status', 'approvals', 'invite', 'audit']);
  return definitions
    .filter(({ verb }) => inMenu.has(verb))
    .filter(
      (definition) =>
        !definition.for ||
        (definition.for === 'inviters' && may.invite) ||
        (definition.for === 'auditors' && may.audit) ||
        (definition.for === 'approvers' && may.approve),
    )
    .map(({ verb, title, usage, summary }) => ({ verb, title, usage, summary }));
};

interface Word {
  readonly text: string;
  readonly quoted: boolean;
}

/**
 * Words, with what stands in double quotes kept together; an apostrophe is a letter. Phones make quotes round, turn two
 * dashes into one long one and begin with a capital: people mean the plain ones.
 */
const tokens = (text: string): Word[] =>
  [
    ...text
      .replace(/[“”„«»]/g, '"')
      .replace(/\u00a0/g, ' ')
      .matchAll(/(?:--|[—–])([a-z]+)(?:=("[^"]*"?|\S*))?(?=\s|$)|"([^"]*)"?|(\S+)/gi),
  ].map(([, option, value, quoted, bare]) => {
    if (!option) return { text: quoted ?? bare ?? '', quoted: quoted !== undefined };
    const name = `--${option.toLowerCase()}`;
    return { text: value === undefined ? name : `${name}=${value.replace(/^"|"$/g, '')}`, quoted: false };
  });

export const words = (text: string): string[] => tokens(text).map((word) => word.text);

/** Options that carry one of the arguments that forms and buttons name differently. */
const argumentNames: Record<string, string> = { for: 'duration', because: 'justification' };

function program(
  understood: (verb: string, args: Record<string, string>) => void,
  say: (text: string) => void,
): Command {
  const root = new Command('usher')
    .exitOverride()
    .helpOption(false)
    .helpCommand(false)
    .configureOutput({ writeOut: say, writeErr: say });
  for (const { verb, summary, arguments: names = [], options = [] } of definitions) {
    const command = root
      .command(verb)
      .description(summary)
      .helpOption(false)
      .exitOverride()
      .configureOutput({ writeOut: say, writeErr: say });
    for (const name of names) command.argument(name);
    for (const [flags, description] of options) command.option(flags, description);
    command.action(() => {
      const args: Record<string, string> = {};
      command.registeredArguments.forEach((argument, index) => {
        const value = command.processedArgs[index] as string | string[] | undefined;
        if (value !== undefined) args[argument.name()] = Array.isArray(value) ? value.join(' ') : value;
      });
      for (const [name, value] of Object.entries(command.opts<Record<string, string | boolean>>()))
        if (typeof value === 'string') args[argumentNames[name] ?? name] = value;
      understood(verb, args);
    });
  }
  return root;
}

const helpFor = (verb: string): Parsed => {
  const root = program(
    () => undefined,
    () => undefined,
  );
  const command = root.commands.find((one) => one.name() === verb);
  const definition = definitions.find((one) => one.verb === verb);
  // Told as an unknown command, with what was probably meant.
  if (!command || !definition) {
    const told = parse(verb);
    return told.kind === 'command' ? { kind: 'unclear', problem: `There is no command “${verb}”.` } : told;
  }
  const lines = command
    .helpInformation()
    .split('\n')
    .map((line) => line.trimEnd().replace('Usage: usher ', 'Usage: '))
    .filter((line) => line !== '');
  return { kind: 'help', title: definition.title, lines: [...lines, `Example: ${definition.usage}`] };
};

/** A word as a verb: capitals, a leading `/usher` and a full stop are what phones and habits make of it. */
const verbIn = (word: string): string =>
  word
    .normalize('NFKC')
    .toLowerCase()
    .replace(/^\/(usher)?/, '')
    .replace(/[.!?]+$/, (marks) => (word === marks ? marks : ''));

/** What people write in their own words goes on to the next option, also where they forgot the quotes. */
const ownWords = new Set(['--because', '--message', '--name', '--company']);
function wholeValues(given: readonly Word[]): string[] {
  const whole: string[] = [];
  let open = false;
  for (const { text, quoted } of given) {
    const option = !quoted && /^--[a-z]/.test(text);
    if (open && !option && !quoted) {
      whole[whole.length - 1] = `${whole.at(-1)} ${text}`;
      continue;
    }
    open = !option && !quoted && ownWords.has(whole.at(-1) ?? '');
    whole.push(text);
  }
  return whole;
}

/** Understands a message. An empty one asks for the menu. Names of verbs may be capitalised, as phones do. */
export function parse(text: string): Parsed {
  const spoken = tokens(text);
  const at = spoken.findIndex((word) => verbIn(word.text) !== '');
  if (at < 0) return { kind: 'command', verb: 'menu', args: {} };
  const verb = verbIn((spoken[at] as Word).text);
  const rest = wholeValues(spoken.slice(at + 1));
  if (['help', 'menu', 'hi', 'hello', 'start', '?'].includes(verb)) {
    const [about] = rest;
    return about && verb === 'help' ? helpFor(verbIn(about)) : { kind: 'command', verb: 'menu', args: {} };
  }
  let understood: Parsed | null = null;
  const said: string[] = [];
  try {
    program(
      (name, args) => {
        understood = { kind: 'command', verb: name, args };
      },
      (line) => said.push(line.trim()),
    ).parse([verb, ...rest], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { kind: 'unclear', problem: readable(said.join(' ') || error.message) };
  }
  return understood ?? { kind: 'unclear', problem: 'I did not understand that.' };
}

/** Commander's sentences, as a person would say them. */
const readable = (message: string): string => {
  const text = message
    .replace(/^error: /i, '')
    .replace(/unknown command '([\s\S]*)'/i, 'I don’t know “$1”.')
    .replace(/unknown option '(.*?)'/i, 'There is no option “$1” here.')
    .replace(/option '(.*?)' argument missing/i, 'Something has to follow “$1”.')
    .replace(/missing required argument '(.*?)'/i, 'The $1 is missing.')
    .replace(/too many arguments.*$/i, 'There are too many words. Put text with spaces in quotes.')
    .replace(/\s+/g, ' ')
    .trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
};
