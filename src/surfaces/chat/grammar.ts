import { Command, CommanderError } from 'commander';
import type { Language } from '../../domain/language.ts';
import { germanCommands } from './grammar-de.ts';

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
  readonly for?: 'inviters' | 'auditors' | 'approvers' | 'managers' | 'elevators' | 'rescuers';
}

/** One grammar for both chats: `/usher …` in Slack, the same words in Teams. */
/** In German: `grammar-de.ts`. */
export const definitions: readonly Definition[] = [
  {
    verb: 'home',
    title: 'Overview',
    usage: 'home',
    summary: 'What is active, what you can activate, and what waits',
  },
  { verb: 'roles', title: 'My roles', usage: 'roles', summary: 'What you can activate, with buttons' },
  {
    verb: 'activate',
    title: 'Activate a role',
    usage: 'activate Contributor --for 4h --because "Quarter end"',
    summary: 'Ask to activate a role, or several with commas between',
    arguments: ['[role...]'],
    options: [
      ['--scope <scope>', 'where: the scope that you are eligible at, or one below it'],
      [
        '--from <start>',
        'when it is to begin, such as "tomorrow 9:00", 17:30, 2d or "2026-12-01 9:00"; at once without',
      ],
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
    summary: 'Take back a request that waits or is scheduled',
    arguments: ['[requestId]'],
  },
  {
    verb: 'deactivate',
    title: 'Deactivate a role',
    usage: 'deactivate',
    summary: 'Give up active roles before their end',
    arguments: ['[assignmentId...]'],
  },
  {
    verb: 'extend',
    title: 'Extend an assignment',
    usage: 'extend Contributor --for 90d --because "Audit goes on"',
    summary: 'Ask for a later end; administrators begin with the holder’s address',
    arguments: ['[role...]'],
    options: [
      ['--scope <scope>', 'where, if it is held at several scopes'],
      ['--eligible', 'the eligible assignment, if an active one is there too'],
      ['--active', 'the active assignment, if an eligible one is there too'],
      ['--for <duration>', 'how long from now, such as 90d; else as long as is usual'],
      ['--until <end>', 'instead: until when, such as 2027-06-30T18:00'],
      ['--because <justification>', 'why it is needed'],
    ],
  },
  {
    verb: 'renew',
    title: 'Renew an assignment',
    usage: 'renew Contributor --for 90d --because "Back on the project"',
    summary: 'Ask for what has ended to be given again; administrators begin with the holder’s address',
    arguments: ['[role...]'],
    options: [
      ['--scope <scope>', 'where, if it is held at several scopes'],
      ['--eligible', 'the eligible assignment, if an active one is there too'],
      ['--active', 'the active assignment, if an eligible one is there too'],
      ['--for <duration>', 'how long from now, such as 90d; else as long as is usual'],
      ['--until <end>', 'instead: until when, such as 2027-06-30T18:00'],
      ['--because <justification>', 'why it is needed'],
    ],
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
    summary: 'Approve a request, or several with one reason',
    arguments: ['[requestId...]'],
    options: [
      ['--because <justification>', 'your reason; required'],
      ['--for <duration>', 'for less time than was asked for, such as 1h'],
    ],
    for: 'approvers',
  },
  {
    verb: 'deny',
    title: 'Deny',
    usage: 'deny 1a2b3c4d --because "Not this quarter"',
    summary: 'Deny a request, or several with one reason',
    arguments: ['[requestId...]'],
    options: [['--because <justification>', 'your reason; required']],
    for: 'approvers',
  },
  {
    verb: 'delegate',
    title: 'While I am away',
    usage: 'delegate --to carla@contoso.example --until 14d --note "On holiday", or delegate off',
    summary: 'Who decides for you while you are away; “delegate off” when you are back',
    arguments: ['[act]'],
    options: [
      ['--to <to>', 'who decides for you: a member, by address or name'],
      ['--from <from>', 'from when, such as "tomorrow 9:00"; at once without'],
      ['--until <until>', 'until when, such as 14d or "2026-12-01 18:00"; 90 days at most'],
      ['--note <note>', 'what they should know'],
    ],
    for: 'approvers',
  },
  {
    verb: 'invite',
    title: 'Invite a guest',
    usage: 'invite guest@partner.example --role Contributor --scope rg-expenses --for 90d',
    summary: 'Invite somebody by e-mail; without an address, as a form',
    arguments: ['[email]'],
    options: [
      ['--role <role>', 'a role to assign to them'],
      ['--scope <scope>', 'where they are to hold it; a part of its name is enough'],
      ['--eligible', 'as an eligible assignment, which they activate when they need it; so without this word, too'],
      ['--active', 'as an active assignment'],
      ['--for <duration>', 'how long they hold it, such as 90d'],
      ['--permanent', 'without an end, where the role allows that'],
      ['--from <start>', 'when it begins, such as 2026-12-01T09:00 or 2d'],
      ['--because <justification>', 'why they get it'],
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
    verb: 'resources',
    title: 'Resources',
    usage: 'resources expenses',
    summary: 'Where you manage or hold something; with a part of a name, only those',
    arguments: ['[filter...]'],
    options: [['--page <page>', 'which page']],
  },
  {
    verb: 'resource',
    title: 'A resource',
    usage: 'resource show rg-expenses',
    summary: 'Where it is, who manages it, and which roles are held there',
    arguments: ['[scope...]'],
    options: [['--page <page>', 'which page']],
  },
  {
    verb: 'role',
    title: 'A role',
    usage: 'role show Contributor --scope rg-expenses',
    summary: 'What it is, its settings, who decides, how many hold it',
    arguments: ['[role...]'],
    options: [['--scope <scope>', 'where; directory roles need none']],
  },
  {
    verb: 'members',
    title: 'Who holds a role',
    usage: 'members Contributor --scope rg-expenses --active --filter gia',
    summary: 'Who holds a role, how, since when and until when',
    arguments: ['[role...]'],
    options: [
      ['--scope <scope>', 'there and above; without it, wherever you may see it'],
      ['--eligible', 'only who is eligible'],
      ['--active', 'only who has it now'],
      ['--guests', 'only guests'],
      ['--filter <filter>', 'a part of a name or address'],
      ['--page <page>', 'which page'],
    ],
  },
  {
    verb: 'settings',
    title: 'Role settings',
    usage: 'settings Contributor --scope rg-expenses --set maximum=4h --set approval=off',
    summary: 'What a role asks of activations and assignments, and who approves',
    arguments: ['[role...]'],
    options: [
      ['--scope <scope>', 'where'],
      ['--group <group>', 'of the membership of a group, instead of a role'],
      ['--owner', 'of the group’s owners instead of its members'],
      ['--guests', 'for guests, where theirs differ'],
      ['--set <setting...>', 'what is to change, such as maximum=4h; you see what it does before it is saved'],
      ['--inherit', 'takes the scope’s own settings back: those above apply'],
    ],
    for: 'managers',
  },
  {
    verb: 'assign',
    title: 'Assign a role',
    usage: 'assign gia@partner.example --role Reader --scope rg-web --for 90d',
    summary: 'Give a role to a person or a group; without a name, as a form',
    arguments: ['[principal...]'],
    options: [
      ['--role <role>', 'which role; “member” or “owner” of a group'],
      ['--scope <scope>', 'where; a part of its name is enough, and a group is a place, too'],
      ['--eligible', 'as an eligible assignment, which they activate when they need it; so without this word, too'],
      ['--active', 'as an active assignment'],
      ['--for <duration>', 'how long, such as 90d'],
      ['--permanent', 'without an end, where the role allows that'],
      ['--from <start>', 'when it begins, such as 2026-12-01T09:00 or 2d'],
      ['--because <justification>', 'why they get it'],
    ],
    for: 'managers',
  },
  {
    verb: 'history',
    title: 'History',
    usage: 'history, history 1a2b3c4d, or history guest@partner.example --role Contributor --from 30d',
    summary: 'What you asked for, got and decided; a request’s whole story; for administrators, others’',
    arguments: ['[email]'],
    options: [
      ['--role <role>', 'only about this role'],
      ['--scope <scope>', 'only there'],
      ['--from <from>', 'since a day such as 2026-03-31, or since 7d ago'],
      ['--to <to>', 'until then'],
      ['--result <result>', 'success or failure'],
      ['--action <action>', 'a part of what happened, such as approve'],
      ['--page <page>', 'which page, counted from the newest'],
    ],
  },
  {
    verb: 'update',
    title: 'Change an assignment',
    usage: 'update 1a2b3c4d --for 30d',
    summary: 'Move the end of an assignment, or its start while that lies ahead',
    arguments: ['[principal...]'],
    options: [
      ['--role <role>', 'its role, where no number is given'],
      ['--scope <scope>', 'its scope, where no number is given'],
      ['--eligible', 'the eligible one of several'],
      ['--active', 'the active one of several'],
      ['--for <duration>', 'how long from now, or from its start'],
      ['--permanent', 'without an end, where the role allows that'],
      ['--from <start>', 'when it begins'],
      ['--because <justification>', 'why it is changed'],
    ],
    for: 'managers',
  },
  {
    verb: 'unassign',
    title: 'Remove an assignment',
    usage: 'unassign gia@partner.example --role Reader --scope rg-web',
    summary: 'Take a role away, whatever state it is in',
    arguments: ['[principal...]'],
    options: [
      ['--role <role>', 'its role, where no number is given'],
      ['--scope <scope>', 'its scope, where no number is given'],
      ['--eligible', 'the eligible one of several'],
      ['--active', 'the active one of several'],
      ['--because <justification>', 'why it is removed'],
    ],
    for: 'managers',
  },
  {
    verb: 'groups',
    title: 'Groups',
    usage: 'groups',
    summary: 'The groups that you are in or manage',
    options: [['--page <page>', 'which page']],
  },
  {
    verb: 'group',
    title: 'A group',
    usage: 'group show "Finance auditors", or group create "Finance auditors" --role-assignable',
    summary: 'Who is in a group and what it holds, or a new group',
    arguments: ['<act>', '[name...]'],
    options: [
      ['--role-assignable', 'a new group that may hold roles; that can’t be changed later'],
      ['--description <description>', 'what a new group is for'],
    ],
  },
  {
    verb: 'break-glass',
    title: 'Break-glass access',
    usage: 'break-glass Owner --scope rg-web --because "Web is down, nobody answers"',
    summary: 'In an emergency: take a role at once that names you for it; those who administer it are told',
    arguments: ['[role...]'],
    options: [
      ['--scope <scope>', 'where, if you are named for several'],
      ['--for <duration>', 'how long, such as 1h; as long as the role allows without'],
      ['--because <justification>', 'why; required'],
    ],
    for: 'rescuers',
  },
  {
    verb: 'elevate',
    title: 'Elevate yourself',
    usage: 'elevate --for 1h --because "Nobody else owns rg-expenses"',
    summary: 'For Global Administrators: manage access to every resource for a while; the others are told',
    options: [
      ['--for <duration>', 'how long, such as 2h; an hour without, eight at most'],
      ['--because <justification>', 'why; required'],
    ],
    for: 'elevators',
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
    verb: 'security',
    title: 'My security',
    usage: 'security, or security reset guest@partner.example',
    summary: 'How you confirm that it is you; administrators reset it for others',
    arguments: ['[act]', '[email]'],
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
    verb: 'language',
    title: 'Language',
    usage: 'language german',
    summary: 'Read German or English; “language auto” goes by your chat',
    arguments: ['[language]'],
  },
  {
    verb: 'quiet',
    title: 'Quiet hours',
    usage: 'quiet 22:00-07:00',
    summary: 'When news that can wait does; “quiet off” for never',
    arguments: ['[hours...]'],
    options: [['--weekends', 'all of Saturday and Sunday, too']],
  },
  {
    verb: 'digest',
    title: 'Weekly digest',
    usage: 'digest',
    summary: 'What you manage, in numbers; every Monday, unless you say “digest off”',
    arguments: ['[wanted]'],
    for: 'managers',
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
export const listed = (
  may: {
    readonly invite: boolean;
    readonly manage: boolean;
    readonly audit: boolean;
    readonly approve: boolean;
    readonly elevate: boolean;
    readonly breakGlass: boolean;
  },
  language: Language,
): Listed[] => {
  const inMenu = new Set([
    'home',
    'roles',
    'status',
    'approvals',
    'delegate',
    'invite',
    'assign',
    'groups',
    'settings',
    'break-glass',
    'elevate',
    'audit',
    'security',
    'language',
  ]);
  return definitions
    .filter(({ verb }) => inMenu.has(verb))
    .filter(
      (definition) =>
        !definition.for ||
        (definition.for === 'inviters' && may.invite) ||
        (definition.for === 'managers' && may.manage) ||
        (definition.for === 'auditors' && may.audit) ||
        (definition.for === 'approvers' && may.approve) ||
        (definition.for === 'elevators' && may.elevate) ||
        (definition.for === 'rescuers' && may.breakGlass),
    )
    .map((definition) => {
      const { verb, title, usage, summary } = inLanguage(definition, language);
      return { verb, title, usage, summary };
    });
};

/** The definition with its words in a language. What is typed stays as it is. */
function inLanguage(definition: Definition, language: Language): Definition {
  const german = language === 'de' ? germanCommands[definition.verb] : undefined;
  if (!german) return definition;
  const options = definition.options?.map(
    ([flags, description]) => [flags, german.options?.[flags] ?? description] as const,
  );
  return { ...definition, title: german.title, summary: german.summary, ...(options ? { options } : {}) };
}

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

/** Options without a value choose one for an argument. */
const choices: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  eligible: { kind: 'eligible' },
  active: { kind: 'active' },
  permanent: { duration: 'permanent' },
  guests: { guests: 'yes' },
  roleAssignable: { roleAssignable: 'yes' },
};

/** Options that carry one of the arguments that forms and buttons name differently. */
const argumentNames: Record<string, string> = { for: 'duration', because: 'justification' };

function program(
  understood: (verb: string, args: Record<string, string>) => void,
  say: (text: string) => void,
  language: Language,
): Command {
  const root = new Command('usher')
    .exitOverride()
    .helpOption(false)
    .helpCommand(false)
    .configureOutput({ writeOut: say, writeErr: say });
  for (const definition of definitions) {
    const { verb, summary, arguments: names = [], options = [] } = inLanguage(definition, language);
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
      for (const [name, value] of Object.entries(command.opts<Record<string, string | boolean | string[]>>()))
        if (value === true) Object.assign(args, choices[name] ?? { [name]: 'yes' });
        else if (value !== false) args[argumentNames[name] ?? name] = Array.isArray(value) ? value.join('\n') : value;
      understood(verb, args);
    });
  }
  return root;
}

/** The grammar's own words; `$1` is what somebody typed, or could have. */
interface Words {
  readonly usage: string;
  readonly arguments: string;
  readonly options: string;
  readonly example: string;
  readonly noCommand: (verb: string) => string;
  readonly notUnderstood: string;
  readonly didYouMean: string;
  readonly unknownCommand: string;
  readonly unknownOption: string;
  readonly nothingFollows: string;
  readonly missing: string;
  readonly tooMany: string;
}

const wordsOf: Readonly<Record<Language, Words>> = {
  en: {
    usage: 'Usage: ',
    arguments: 'Arguments:',
    options: 'Options:',
    example: 'Example: ',
    noCommand: (verb) => `There is no command “${verb}”.`,
    notUnderstood: 'I did not understand that.',
    didYouMean: '(Did you mean $1?)',
    unknownCommand: 'I don’t know “$1”.',
    unknownOption: 'There is no option “$1” here.',
    nothingFollows: 'Something has to follow “$1”.',
    missing: 'The $1 is missing.',
    tooMany: 'There are too many words. Put text with spaces in quotes.',
  },
  de: {
    usage: 'Aufruf: ',
    arguments: 'Angaben:',
    options: 'Optionen:',
    example: 'Beispiel: ',
    noCommand: (verb) => `Den Befehl „${verb}“ gibt es nicht.`,
    notUnderstood: 'Das habe ich nicht verstanden.',
    didYouMean: '(Meinten Sie $1?)',
    unknownCommand: '„$1“ kenne ich nicht.',
    unknownOption: 'Die Option „$1“ gibt es hier nicht.',
    nothingFollows: 'Nach „$1“ muss etwas folgen.',
    missing: 'Es fehlt: $1.',
    tooMany: 'Das sind zu viele Wörter. Setzen Sie Text mit Leerzeichen in Anführungszeichen.',
  },
};

const helpFor = (verb: string, language: Language): Parsed => {
  const say = wordsOf[language];
  const root = program(
    () => undefined,
    () => undefined,
    language,
  );
  const command = root.commands.find((one) => one.name() === verb);
  const definition = definitions.find((one) => one.verb === verb);
  // Told as an unknown command, with what was probably meant.
  if (!command || !definition) {
    const told = parse(verb, language);
    return told.kind === 'command' ? { kind: 'unclear', problem: say.noCommand(verb) } : told;
  }
  const lines = command
    .helpInformation()
    .split('\n')
    .map((line) =>
      line
        .trimEnd()
        .replace('Usage: usher ', say.usage)
        .replace(/^Arguments:/, say.arguments)
        .replace(/^Options:/, say.options),
    )
    .filter((line) => line !== '');
  return {
    kind: 'help',
    title: inLanguage(definition, language).title,
    lines: [...lines, `${say.example}${definition.usage}`],
  };
};

/** A word as a verb: capitals, a leading `/usher` and a full stop are what phones and habits make of it. */
const verbIn = (word: string): string =>
  word
    .normalize('NFKC')
    .toLowerCase()
    .replace(/^\/(usher)?/, '')
    .replace(/[.!?]+$/, (marks) => (word === marks ? marks : ''));

/** What people write in their own words goes on to the next option, also where they forgot the quotes. */
const ownWords = new Set([
  '--because',
  '--from',
  '--until',
  '--note',
  '--message',
  '--name',
  '--company',
  '--description',
]);
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
export function parse(text: string, language: Language): Parsed {
  const spoken = tokens(text);
  const at = spoken.findIndex((word) => verbIn(word.text) !== '');
  if (at < 0) return { kind: 'command', verb: 'menu', args: {} };
  const verb = verbIn((spoken[at] as Word).text);
  const rest = wholeValues(spoken.slice(at + 1));
  if (['help', 'menu', 'hi', 'hello', 'start', '?'].includes(verb)) {
    const [about] = rest;
    return about && verb === 'help' ? helpFor(verbIn(about), language) : { kind: 'command', verb: 'menu', args: {} };
  }
  let understood: Parsed | null = null;
  const said: string[] = [];
  try {
    program(
      (name, args) => {
        understood = { kind: 'command', verb: name, args };
      },
      (line) => said.push(line.trim()),
      language,
    ).parse([verb, ...rest], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { kind: 'unclear', problem: readable(said.join(' ') || error.message, language) };
  }
  return understood ?? { kind: 'unclear', problem: wordsOf[language].notUnderstood };
}

/** Commander's sentences, as a person would say them. */
const readable = (message: string, language: Language): string => {
  const say = wordsOf[language];
  const text = message
    .replace(/^error: /i, '')
    .replace(/\(Did you mean (?:one of )?([^?)]*)\?\)/i, say.didYouMean)
    .replace(/unknown command '([\s\S]*)'/i, say.unknownCommand)
    .replace(/unknown option '(.*?)'/i, say.unknownOption)
    .replace(/option '(.*?)' argument missing/i, say.nothingFollows)
    .replace(/missing required argument '(.*?)'/i, say.missing)
    .replace(/too many arguments.*$/i, say.tooMany)
    .replace(/\s+/g, ' ')
    .trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
};
