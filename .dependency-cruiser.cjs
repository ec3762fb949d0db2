// Which way imports go (docs/architecture.md, "Folders"). Type imports count, and test/architecture.test.ts plants a
// violation of every rule.

/** Everything in src/ that is not on this list of paths. */
const sourceBut = (...paths) => ({ path: '^src/', pathNot: paths });

/** The contracts between folders: whoever asks for something declares it, and an outer folder answers it. */
const ports = [
  '^src/commands/(ports|browsing)\\.ts$',
  '^src/connectors/connector\\.ts$',
  '^src/notifications/deliver-card\\.ts$',
  '^src/surfaces/surface\\.ts$',
  '^src/surfaces/chat/conversation\\.ts$',
  '^src/surfaces/slack/(taken|installations)\\.ts$',
];

const generated = '^src/store/generated/';

/** A package, with its `@types` and whatever it brings along. */
const packages = (...names) => `(^|/)node_modules/(@types/)?(${names.join('|')})`;

const rule = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to });

/** These folders of src/ may be imported from that one; itself always. */
const folder = (name, comment, ...mayImport) =>
  rule(
    `${name}-imports`,
    comment,
    { path: `^src/${name}/`, pathNot: generated },
    sourceBut(`^src/${name}/`, ...mayImport),
  );

/** A package that only these parts of src/ know, so that it can be replaced there. */
const kept = (name, comment, names, ...inside) =>
  rule(name, comment, { path: '^src/', pathNot: inside }, { path: packages(...names) });

module.exports = {
  forbidden: [
    folder('domain', 'The rules are pure: they import nothing but each other.'),
    rule(
      'domain-imports-no-package',
      'Nothing is read from outside in the domain: no package, and of Node only its hashes.',
      { path: '^src/domain/' },
      { pathNot: ['^src/', '^(node:)?crypto$'] },
    ),
    folder('commands', 'Commands know the domain, and everything else through their ports.', '^src/domain/'),
    rule(
      'commands-import-no-adapter',
      'Of packages, commands know how to parse an input and how to guess a name; they do no input or output.',
      { path: '^src/commands/' },
      { pathNot: ['^src/', packages('zod/', 'fastest-levenshtein/')] },
    ),
    folder('runtime', 'Logger, ids and the like serve everybody, and know nobody.'),
    folder(
      'connectors',
      'A target system is reached through its port alone. The built-in directory keeps its grants in a table of ours.',
      '^src/domain/',
      '^src/runtime/',
      '^src/surfaces/surface\\.ts$',
      '^src/store/generated/client\\.ts$',
    ),
    folder(
      'notifications',
      'Who is told with which card: from the domain, through ports.',
      '^src/domain/',
      '^src/runtime/',
      '^src/commands/(ports|browsing)\\.ts$',
      '^src/surfaces/surface\\.ts$',
    ),
    folder(
      'store',
      'The store answers ports; it runs no command and shows no card. Exception: bootstrap.ts writes on the record as Usher itself.',
      '^src/domain/',
      '^src/runtime/',
      '^src/commands/who\\.ts$',
      ...ports,
    ),
    rule(
      'store-only-bootstraps-as-somebody',
      'Who acts is told to the store with every change; only the set-up of an installation names Usher itself.',
      { path: '^src/store/', pathNot: '^src/store/bootstrap\\.ts$' },
      { path: '^src/commands/who\\.ts$' },
    ),
    rule(
      'store-takes-types-of-outer-ports',
      'The ports of cards and chats are types to the store: no code of theirs runs in it.',
      { path: '^src/store/' },
      { path: '^src/(notifications|surfaces|connectors)/', dependencyTypesNot: ['type-only'] },
    ),
    folder(
      'jobs',
      'Jobs run commands and deliveries. Of the store they know types.',
      '^src/(domain|commands|runtime)/',
      '^src/store/(database|work-list)\\.ts$',
      ...ports,
    ),
    rule(
      'jobs-take-types-of-adapters',
      'What a job works on is handed to it by compose.ts.',
      { path: '^src/jobs/' },
      { path: '^src/(store|connectors|notifications)/', dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'surfaces-imports',
      'A surface turns what came in into a command, and shows cards: no database, no queue, no target system.',
      { path: '^src/surfaces/' },
      sourceBut('^src/(surfaces|domain|commands|notifications|runtime)/'),
    ),
    rule(
      'surfaces-port-imports',
      'The port between Usher and a chat platform stands by itself.',
      { path: '^src/surfaces/surface\\.ts$' },
      { path: '.' },
    ),
    rule(
      'surfaces-stay-apart',
      'Surfaces meet at surface.ts, and chats in chat/. Exception: the start page shows the mails that were kept.',
      { path: '^src/surfaces/([^/]+)/', pathNot: '^src/surfaces/web/start-page\\.ts$' },
      { path: '^src/surfaces/', pathNot: ['^src/surfaces/surface\\.ts$', '^src/surfaces/$1/', '^src/surfaces/chat/'] },
    ),
    rule(
      'start-page-shows-kept-mails',
      'The start page takes the type of the kept mails, and nothing else of another surface.',
      { path: '^src/surfaces/web/start-page\\.ts$' },
      { path: '^src/surfaces/(?!web/)', dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'chat-knows-no-platform',
      'The one conversation is the same on every platform.',
      { path: '^src/surfaces/chat/' },
      { path: '^src/surfaces/', pathNot: ['^src/surfaces/surface\\.ts$', '^src/surfaces/chat/'] },
    ),
    rule(
      'only-main-composes',
      'compose.ts knows everything; nobody knows compose.ts but the program.',
      { path: '^src/', pathNot: '^src/main\\.ts$' },
      { path: '^src/compose\\.ts$' },
    ),
    rule(
      'settings-are-handed-on',
      'Settings are read once; everybody else is handed what they need.',
      { path: '^src/', pathNot: '^src/(main|compose)\\.ts$' },
      { path: '^src/config\\.ts$' },
    ),
    rule('main-is-the-end', 'Nothing imports the program.', {}, { path: '^src/main\\.ts$' }),
    rule(
      'only-src-ships',
      'Tests, tools and benchmarks are not part of what runs.',
      { path: '^src/' },
      { path: '^(test|dev|bench|scripts|cards)/' },
    ),
    kept(
      'teams-sdk-in-teams',
      'The Bot Framework SDK is at its end: its successors replace it by changing this folder alone.',
      ['botbuilder', 'botframework-', '@microsoft/'],
      '^src/surfaces/teams/',
    ),
    kept('slack-sdk-in-slack', 'Slack is known to its own surface.', ['@slack/'], '^src/surfaces/slack/'),
    kept(
      'database-in-store',
      'The database is known to the store; others are given what they read and write through.',
      ['@prisma/', 'prisma/', 'pg/', '@electric-sql/'],
      '^src/store/',
    ),
    kept('redis-in-jobs', 'Redis is known to the queue.', ['ioredis/'], '^src/jobs/'),
    kept(
      'queue-in-jobs',
      'BullMQ is known to the queue, and to the database that holds its tables.',
      ['bullmq/'],
      '^src/jobs/',
      '^src/store/database\\.ts$',
    ),
    kept(
      'web-server-in-surfaces',
      'Express is known to the surfaces that listen.',
      ['express/'],
      '^src/surfaces/(web|teams|slack)/',
    ),
    kept(
      'passkeys-in-web',
      'WebAuthn is checked where its pages are.',
      ['@simplewebauthn/', 'uqr/'],
      '^src/surfaces/web/',
    ),
    kept('mail-in-email', 'SMTP is known to the e-mail surface.', ['nodemailer/'], '^src/surfaces/email/'),
    kept(
      'grammar-in-chat',
      'The words that people type are parsed in one place.',
      ['commander/'],
      '^src/surfaces/chat/',
    ),
    kept(
      'cards-in-notifications',
      'Templates are expanded in one place.',
      ['adaptivecards', 'adaptive-expressions/'],
      '^src/notifications/',
    ),
    rule(
      'production-dependencies',
      'What runs is installed where it runs.',
      { path: '^src/' },
      { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    ),
    rule('resolvable', 'Every import leads somewhere.', {}, { couldNotResolve: true }),
    rule('no-cycles', 'A cycle has no order to understand it in.', { path: '^src/' }, { circular: true }),
    rule(
      'no-orphans',
      'A module that nobody imports and that imports nothing is not used.',
      { orphan: true, pathNot: [generated, '\\.d\\.ts$'] },
      {},
    ),
    {
      ...rule('in-use', 'Every module serves the program.', { path: '^src/main\\.ts$' }, {}),
      to: { path: '^src/', pathNot: [generated, '^src/main\\.ts$'], reachable: false },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: ['node_modules', generated] },
    exclude: { path: ['^src/store/generated/(?!client\\.ts$)', '\\.css$', '^src/surfaces/web/browser/'] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'node', 'default', 'require'],
    },
  },
};
