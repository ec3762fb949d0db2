import { readFileSync } from 'node:fs';
import { join } from 'node:path';
// Not the package's own entry: its types import TypeScript sources of `adaptivecards`, which don't compile here.
import { type IEvaluationContext, Template } from 'adaptivecards-templating/lib/template-engine.js';
import type { Language } from '../domain/language.ts';
import { projectFile } from '../runtime/project-file.ts';
import type { Card, Json } from '../surfaces/surface.ts';
import type { CardName, CardOf } from './cards.ts';
import { translated } from './translate.ts';

const folder = projectFile('cards');
const read = (name: string) => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
const german = read('de');

type Translations = Readonly<Record<Language, () => Template>>;
const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
};

/** Parsing the expressions of every card takes a second, which each start of a process would wait for. */
function load(name: CardName): Translations {
  const template = read(name);
  return { en: once(() => new Template(template)), de: once(() => new Template(translated(template, german))) };
}

/** Read once, at start: a template that is missing or no JSON stops the start. Parsed when a card is first shown. */
const templates = {
  approval: load('approval'),
  request: load('request'),
  invitation: load('invitation'),
  eligible: load('eligible'),
  assignment: load('assignment'),
  managed: load('managed'),
  ending: load('ending'),
  expired: load('expired'),
  stuck: load('stuck'),
  activated: load('activated'),
  digest: load('digest'),
  'settings-changed': load('settings-changed'),
  undeliverable: load('undeliverable'),
  confirm: load('confirm'),
  exceptional: load('exceptional'),
  'break-glass-review': load('break-glass-review'),
  'take-form': load('take-form'),
  credential: load('credential'),
  security: load('security'),
  delegation: load('delegation'),
  'delegate-form': load('delegate-form'),
  roles: load('roles'),
  'activate-form': load('activate-form'),
  'extend-form': load('extend-form'),
  approvals: load('approvals'),
  status: load('status'),
  home: load('home'),
  audit: load('audit'),
  resources: load('resources'),
  resource: load('resource'),
  role: load('role'),
  members: load('members'),
  history: load('history'),
  story: load('story'),
  'audit-verified': load('audit-verified'),
  menu: load('menu'),
  help: load('help'),
  language: load('language'),
  quiet: load('quiet'),
  answer: load('answer'),
  refusal: load('refusal'),
  'invite-form': load('invite-form'),
  'settings-pick': load('settings-pick'),
  settings: load('settings'),
  'settings-form': load('settings-form'),
  'settings-confirm': load('settings-confirm'),
  'assign-form': load('assign-form'),
  groups: load('groups'),
  group: load('group'),
  link: load('link'),
  'link-code': load('link-code'),
  'mail-invitation': load('mail-invitation'),
  'mail-code': load('mail-code'),
} satisfies Record<CardName, Translations>;

/** A noncharacter of Unicode, with which `${` in data is told from `${` that the template left over. */
const mark = '\uFDD0';
const protect = (text: string) =>
  text.includes('${') || text.includes(mark) ? text.replaceAll(mark, `${mark}0`).replaceAll('${', `$${mark}1{`) : text;
const restore = (text: string) =>
  text.includes(mark) ? text.replace(/\uFDD0([01])/g, (_, kind) => (kind === '0' ? mark : '')) : text;

/**
 * Clients replace `{{DATE(…)}}` and `{{TIME(…)}}` in any text. An invisible word joiner between the braces keeps what
 * people typed as it is.
 */
const literal = (text: string) => text.replace(/\{\{(?=DATE|TIME)/g, '{\u2060{');

function protectAll(value: unknown): unknown {
  if (typeof value === 'string') return protect(value);
  if (Array.isArray(value)) return value.map(protectAll);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, protectAll(inner)]));
}

/** What is nothing once it is empty: an element of this type without this, or any card's list of actions. */
const emptyWithout: Readonly<Record<string, string>> = {
  Container: 'items',
  ActionSet: 'actions',
  RichTextBlock: 'inlines',
  TextRun: 'text',
};

const isEmpty = (value: Json | undefined) => value === undefined || value === '' || (Array.isArray(value) && !value[0]);

/** The expanded template as JSON: data as it was, nothing empty, nothing left over. `null` where nothing remains. */
function finish(value: unknown, path: string): Json {
  if (typeof value === 'string') {
    if (value.includes('${')) throw new Error(`the template names something that is not in the data: ${path}`);
    return restore(value);
  }
  if (typeof value === 'boolean' || typeof value === 'number') return value;
  if (Array.isArray(value))
    return value.map((item, index) => finish(item, `${path}/${index}`)).filter((item) => item !== null);
  if (value === null || typeof value !== 'object') throw new Error(`the template shows what is not there: ${path}`);
  const type = 'type' in value && typeof value.type === 'string' ? value.type : '';
  const finished: Record<string, Json> = {};
  for (const [key, inner] of Object.entries(value)) {
    // A condition on a property's object (not on an item of a list) leaves null behind.
    if (key === 'refresh' && inner === null) continue;
    const done = finish(inner, `${path}/${key}`);
    if (key === 'actions' && isEmpty(done)) continue;
    finished[key] = type === 'TextRun' && key === 'text' ? literal(done as string) : done;
  }
  const content = emptyWithout[type];
  return content && isEmpty(finished[content]) ? null : finished;
}

/**
 * The card with its data in it, in the reader's language: plain Adaptive Card 1.5. Data is literal; nothing in it is
 * expanded or formatted.
 * @throws when a template names what its data lacks: a bug.
 */
export function expandCard({ card, data }: CardOf, language: Language): Card {
  const context = { $root: protectAll(data) } as IEvaluationContext;
  const expanded = finish(templates[card][language]().expand(context), card) as Card;
  // So that whoever shows it says its own words in the same language; English goes without saying.
  return language === 'en' ? expanded : { ...expanded, lang: language };
}
