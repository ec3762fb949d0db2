import { describe, expect, it } from 'vitest';
import { definitions, listed, parse as parseIn, words } from '../../../src/surfaces/chat/grammar.ts';
import { germanCommands } from '../../../src/surfaces/chat/grammar-de.ts';

const parse = (text: string) => parseIn(text, 'en');

const command = (verb: string, args: Record<string, string> = {}) => ({ kind: 'command', verb, args });
const problemOf = (text: string): string => {
  const parsed = parse(text);
  return parsed.kind === 'unclear' ? parsed.problem : `understood: ${JSON.stringify(parsed)}`;
};

describe('a typed line', () => {
  it.each([[''], ['  '], ['help'], ['Help'], ['hi'], ['Hello'], ['menu'], ['?'], ['/usher'], ['/usher help']])(
    '%j asks for the menu',
    (text) => {
      expect(parse(text)).toEqual(command('menu'));
    },
  );

  it('reads an invitation with all its words', () => {
    expect(
      parse(
        'invite guest@partner.example --role "User Administrator" --scope rg-expenses --eligible --for 90d --message "Welcome, you" --name "Gia Guest" --company Partner',
      ),
    ).toEqual(
      command('invite', {
        email: 'guest@partner.example',
        role: 'User Administrator',
        scope: 'rg-expenses',
        kind: 'eligible',
        duration: '90d',
        message: 'Welcome, you',
        name: 'Gia Guest',
        company: 'Partner',
      }),
    );
  });

  it('keeps what is said several times apart, and reads options without words', () => {
    expect(parse('settings contributor --set maximum=4h --guests --set "approvers=a@b.example, Board"')).toEqual(
      command('settings', { role: 'contributor', guests: 'yes', set: 'maximum=4h\napprovers=a@b.example, Board' }),
    );
  });

  it.each([['INVITE a@b.example'], ['Invite a@b.example'], ['/invite a@b.example'], ['/usher invite a@b.example']])(
    'takes the verb however it is written: %s',
    (text) => {
      expect(parse(text)).toEqual(command('invite', { email: 'a@b.example' }));
    },
  );

  it.each([
    ['round quotes', 'activate Contributor --because “Quarter end”'],
    ['low quotes', 'activate Contributor --because „Quarter end“'],
    ['pointed quotes', 'activate Contributor --because «Quarter end»'],
    ['a long dash', 'activate Contributor —because "Quarter end"'],
    ['a half-long dash', 'activate Contributor –because "Quarter end"'],
    ['an option before the role', 'activate --because "Quarter end" Contributor'],
    ['an equals sign', 'activate Contributor --because="Quarter end"'],
    ['a reason without quotes', 'activate Contributor --because Quarter end'],
    ['a full stop after the verb', 'activate. Contributor --because "Quarter end"'],
  ])('means the same with %s', (_what, text) => {
    expect(parse(text)).toEqual(command('activate', { role: 'Contributor', justification: 'Quarter end' }));
  });

  it('takes option names in capitals', () => {
    expect(parse('INVITE a@b.example --ROLE Contributor --SCOPE rg-expenses')).toEqual(
      command('invite', { email: 'a@b.example', role: 'Contributor', scope: 'rg-expenses' }),
    );
  });

  it('keeps dashes and apostrophes inside text', () => {
    expect(parse('activate Reader --because "Paul’s and Ada\'s – month-end"')).toEqual(
      command('activate', { role: 'Reader', justification: "Paul’s and Ada's – month-end" }),
    );
  });

  it('keeps a dash before a word inside quotes', () => {
    expect(parse('activate Reader --because "month end —urgent"')).toEqual(
      command('activate', { role: 'Reader', justification: 'month end —urgent' }),
    );
  });

  it('takes a role of several words without quotes', () => {
    expect(parse('activate User Access Administrator --for 1h')).toEqual(
      command('activate', { role: 'User Access Administrator', duration: '1h' }),
    );
  });

  it('takes a code with a space in it', () => {
    expect(parse('code 1234 5678')).toEqual(command('code', { code: '1234 5678' }));
  });

  it('takes text in other letters as it is', () => {
    expect(parse('activate Reader --because "日本語 ünïcödé русский"')).toEqual(
      command('activate', { role: 'Reader', justification: '日本語 ünïcödé русский' }),
    );
  });

  it('takes a justification that begins with a dash, in quotes', () => {
    expect(parse('activate Reader --because "- two reasons"')).toEqual(
      command('activate', { role: 'Reader', justification: '- two reasons' }),
    );
  });

  it('does not read names of JavaScript’s own as commands', () => {
    for (const word of ['constructor', '__proto__', 'toString']) expect(parse(word).kind).toBe('unclear');
  });
});

describe('a line that makes no sense', () => {
  it.each([
    ['rolls', 'roles'],
    ['aprove 1a2b3c4d', 'approve'],
    ['invit a@b.example', 'invite'],
    ['stauts', 'status'],
  ])('“%s” is asked back with “%s”', (text, meant) => {
    expect(problemOf(text)).toMatch(new RegExp(`Did you mean ${meant}\\?`));
  });

  it('names the unknown word', () => {
    expect(problemOf('frobnicate')).toContain('I don’t know “frobnicate”');
  });

  it('names the unknown option, and the one that was meant', () => {
    expect(problemOf('invite a@b.example --rol Contributor')).toMatch(/no option “--rol”.*--role/);
  });

  it('says that something has to follow an option', () => {
    expect(problemOf('invite a@b.example --role')).toMatch(/Something has to follow .*--role/);
  });

  it('says that there are too many words', () => {
    expect(problemOf('invite a@b.example please')).toContain('Put text with spaces in quotes');
  });

  it('says which word is missing', () => {
    expect(problemOf('resend')).toMatch(/email is missing/);
  });

  it('answers five thousand characters with a sentence', () => {
    expect(problemOf('x'.repeat(5_000))).toMatch(/^I don’t know/);
    expect(problemOf('x '.repeat(2_500))).toMatch(/^I don’t know “x”/);
  });

  it('answers words in other letters', () => {
    expect(problemOf('пригласить')).toContain('“пригласить”');
  });
});

describe('help', () => {
  it.each(['help /cancel', 'help /invite', 'help cancel.'])('runs nothing: %s', (text) => {
    expect(parse(text).kind).toBe('help');
  });

  it('comes to an end with thousands of slashes', { timeout: 5_000 }, () => {
    expect(parse('/ '.repeat(20_000))).toEqual({ kind: 'command', verb: 'menu', args: {} });
  });

  it('for a command shows how it is written, and an example', () => {
    const help = parse('help invite');
    expect(help.kind).toBe('help');
    const text = help.kind === 'help' ? help.lines.join('\n') : '';
    for (const part of ['Usage: invite', '--role <role>', '--message <message>', 'Example: invite'])
      expect(text).toContain(part);
    expect(text).not.toContain('usher invite');
  });

  it('takes the command in capitals', () => {
    expect(parse('HELP INVITE')).toEqual(parse('help invite'));
  });

  it('for an unknown command says so', () => {
    expect(problemOf('help frobnicate')).toContain('I don’t know “frobnicate”');
  });

  it('for a misspelt command names the one that was meant', () => {
    expect(problemOf('help invit')).toContain('invite');
  });
});

describe('words', () => {
  it.each([
    ['a  b', ['a', 'b']],
    ['"a b" c', ['a b', 'c']],
    ['"a b', ['a b']],
    ['""', ['']],
    ['don’t stop', ['don’t', 'stop']],
  ])('of %j', (text, expected) => {
    expect(words(text)).toEqual(expected);
  });
});

describe('the menu', () => {
  const verbs = (may: Parameters<typeof listed>[0]) => listed(may, 'en').map(({ verb }) => verb);

  it('offers a guest only what is theirs', () => {
    expect(
      verbs({ invite: false, audit: false, approve: false, manage: false, elevate: false, breakGlass: false }),
    ).toEqual(['home', 'roles', 'status', 'groups', 'security', 'language']);
  });

  it('offers more to whom more is allowed', () => {
    expect(
      verbs({ invite: true, audit: false, approve: false, manage: false, elevate: false, breakGlass: false }),
    ).toContain('invite');
    expect(
      verbs({ invite: false, audit: true, approve: false, manage: false, elevate: false, breakGlass: false }),
    ).toContain('audit');
    expect(
      verbs({ invite: false, audit: false, approve: true, manage: false, elevate: false, breakGlass: false }),
    ).toContain('approvals');
    expect(
      verbs({ invite: false, audit: false, approve: false, manage: true, elevate: false, breakGlass: false }),
    ).toContain('settings');
    expect(
      verbs({ invite: false, audit: false, approve: false, manage: false, elevate: true, breakGlass: false }),
    ).toContain('elevate');
    expect(
      verbs({ invite: false, audit: false, approve: false, manage: false, elevate: false, breakGlass: true }),
    ).toContain('break-glass');
  });
});

describe('in German', () => {
  it('every command and option has its words, and none is left over', () => {
    const shape = (options: readonly string[] = []) => [...options].sort();
    const english = definitions.map(({ verb, options }) => [verb, shape(options?.map(([flags]) => flags))]);
    const german = Object.entries(germanCommands).map(([verb, { options }]) => [
      verb,
      shape(options && Object.keys(options)),
    ]);
    expect(Object.fromEntries(german)).toEqual(Object.fromEntries(english));
  });

  it('help shows the command as it is typed, and explains it', () => {
    const help = parseIn('help approve', 'de');
    expect(help).toMatchObject({ kind: 'help', title: 'Genehmigen' });
    const lines = help.kind === 'help' ? help.lines.join('\n') : '';
    expect(lines).toMatch(/^Aufruf: approve /);
    expect(lines).toContain('Optionen:');
    expect(lines).toMatch(/--because <justification> +Ihre Begründung; nötig/);
    expect(lines).toContain('Beispiel: approve 1a2b3c4d');
  });

  it.each([
    ['aprove', '„aprove“ kenne ich nicht. (Meinten Sie approve?)'],
    ['deny --becase x', 'Die Option „--becase“ gibt es hier nicht. (Meinten Sie --because?)'],
    ['resend', 'Es fehlt: email.'],
    ['home a b', 'Das sind zu viele Wörter. Setzen Sie Text mit Leerzeichen in Anführungszeichen.'],
    ['roles --scope', 'Die Option „--scope“ gibt es hier nicht.'],
    ['audit --page', 'Nach „--page <page>“ muss etwas folgen.'],
  ])('%j is unclear: %s', (text, problem) => {
    expect(parseIn(text, 'de')).toEqual({ kind: 'unclear', problem });
  });
});
