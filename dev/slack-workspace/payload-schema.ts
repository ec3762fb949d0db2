import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import { projectFile } from '../../src/runtime/project-file.ts';

/**
 * What Slack would refuse, in its own form: `message [json-pointer:/blocks/0/text]`. Shapes are those of `@slack/types`
 * (`slack-types.schema.json`); lengths and counts are those of docs.slack.dev/reference/block-kit, where not otherwise said.
 */

type Node = Readonly<Record<string, unknown>>;
type Schema = Readonly<Record<string, unknown>>;

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const problem = (what: string, path: string) => `${what} [json-pointer:${path}]`;

const namesOf = (schema: Schema): Readonly<Record<string, Schema>> =>
  schema.definitions as Readonly<Record<string, Schema>>;

/** The alternatives of a union, with those of unions in it, by their `type`; `null` where not all of them have one. */
function branchesOf(
  union: readonly Schema[],
  definitions: Readonly<Record<string, Schema>>,
): Map<string, Schema[]> | null {
  const branches = new Map<string, Schema[]>();
  const take = (schema: Schema): boolean => {
    const meant = typeof schema.$ref === 'string' ? definitions[schema.$ref.replace('#/definitions/', '')] : schema;
    if (Array.isArray(meant?.anyOf)) return (meant.anyOf as Schema[]).every(take);
    const type = ((meant?.properties as Schema | undefined)?.type as Schema | undefined)?.const;
    if (typeof type !== 'string') return false;
    branches.set(type, [...(branches.get(type) ?? []), schema]);
    return true;
  };
  return union.every(take) ? branches : null;
}

/** Unions told apart by their `type`, so that a mistake is reported once and where it is. */
function told(value: unknown, definitions: Readonly<Record<string, Schema>>): unknown {
  if (Array.isArray(value)) return value.map((item) => told(item, definitions));
  if (!isNode(value)) return value;
  const inner = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, told(part, definitions)]));
  const branches = Array.isArray(value.anyOf) ? branchesOf(value.anyOf as Schema[], definitions) : null;
  if (!branches || branches.size < 2) return inner;
  return {
    type: 'object',
    required: ['type'],
    properties: { type: { enum: [...branches.keys()] } },
    allOf: [...branches].map(([type, schemas]) => ({
      if: { properties: { type: { const: type } } },
      // biome-ignore lint/suspicious/noThenProperty: JSON schema's own word.
      then:
        schemas.length === 1 ? told(schemas[0], definitions) : { anyOf: schemas.map((one) => told(one, definitions)) },
    })),
  };
}

interface Shapes {
  readonly block: ValidateFunction;
  readonly modal: ValidateFunction;
  readonly home: ValidateFunction;
}

let shapes: Shapes | null = null;

/** Compiled at the first use. */
function theShapes(): Shapes {
  if (shapes) return shapes;
  const raw = JSON.parse(readFileSync(projectFile('dev/slack-workspace/slack-types.schema.json'), 'utf8')) as Schema;
  const definitions = told(namesOf(raw), namesOf(raw));
  const ajv = new Ajv({ strict: false, allErrors: true }).addSchema({ $id: 'slack', definitions });
  const compile = (name: string) => ajv.compile({ $ref: `slack#/definitions/${name}` });
  shapes = { block: compile('KnownBlock'), modal: compile('ModalView'), home: compile('HomeView') };
  return shapes;
}

const shapeProblems = (validate: ValidateFunction, value: unknown, path: string): string[] => {
  validate(value);
  return (validate.errors ?? [])
    .filter(({ keyword }) => keyword !== 'if')
    .map(({ instancePath, message, params }) => {
      const extra = 'additionalProperty' in params ? `: ${params.additionalProperty}` : '';
      return problem(`${message}${extra}`, `${path}${instancePath}`);
    });
};

/** The least and the most of a text's characters or a list's items. */
type Range = readonly [least: number, most: number];

const placeholder: Range = [1, 150];
const select: Readonly<Record<string, Range>> = { placeholder, options: [1, 100], option_groups: [1, 100] };
const boxes: Readonly<Record<string, Range>> = { options: [1, 10] };

/** By `type`; what has none goes by the property that it is in. */
const ranges: Readonly<Record<string, Readonly<Record<string, Range>>>> = {
  plain_text: { text: [1, 3000] },
  mrkdwn: { text: [1, 3000] },
  header: { text: [1, 150] },
  section: { text: [1, 3000], fields: [1, 10] },
  actions: { elements: [1, 25] },
  context: { elements: [1, 10] },
  input: { label: [1, 2000], hint: [1, 2000] },
  image: { alt_text: [1, 2000], image_url: [1, 3000], title: [1, 2000] },
  markdown: { text: [1, 12_000] },
  // Empty ones are refused; no length is named.
  rich_text: { elements: [1, Number.POSITIVE_INFINITY] },
  text: { text: [1, Number.POSITIVE_INFINITY] },
  button: { text: [1, 75], value: [0, 2000], url: [1, 3000], accessibility_label: [1, 75] },
  static_select: select,
  multi_static_select: select,
  external_select: select,
  multi_external_select: select,
  radio_buttons: boxes,
  checkboxes: boxes,
  overflow: { options: [1, 5] },
  plain_text_input: { placeholder, initial_value: [0, 3000] },
  email_text_input: { placeholder },
  url_text_input: { placeholder },
  number_input: { placeholder },
  datepicker: { placeholder },
  timepicker: { placeholder },
  modal: { title: [1, 24], submit: [1, 24], close: [1, 24] },
  options: { text: [1, 75], value: [1, 150], description: [1, 75] },
  option_groups: { label: [1, 75], options: [1, 100] },
  fields: { text: [1, 2000] },
  confirm: { title: [1, 100], text: [1, 300], confirm: [1, 30], deny: [1, 30] },
};

const everywhere: Readonly<Record<string, Range>> = {
  block_id: [1, 255],
  action_id: [1, 255],
  callback_id: [1, 255],
  external_id: [1, 255],
  private_metadata: [0, 3000],
};

/** A text's characters or a list's items; `null` for anything else. */
function sizeOf(value: unknown): readonly [number, 'characters' | 'items'] | null {
  if (typeof value === 'string') return [value.length, 'characters'];
  if (Array.isArray(value)) return [value.length, 'items'];
  return isNode(value) && typeof value.text === 'string' ? [value.text.length, 'characters'] : null;
}

function rangeProblems(node: Node, kind: string, path: string): string[] {
  return Object.entries({ ...everywhere, ...ranges[kind] }).flatMap(([property, [least, most]]) => {
    const size = sizeOf(node[property]);
    if (!size || (size[0] >= least && size[0] <= most)) return [];
    const at = `${path}/${property}`;
    if (size[1] === 'items')
      return [
        problem(size[0] < least ? `no fewer than ${least} items allowed` : `no more than ${most} items allowed`, at),
      ];
    return [
      problem(
        size[0] < least ? `must be more than ${least - 1} characters` : `must be less than ${most + 1} characters`,
        at,
      ),
    ];
  });
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What was chosen to begin with must be one of the options, word for word. */
function initialProblems(node: Node, path: string): string[] {
  const options = [
    ...list(node.options),
    ...list(node.option_groups).flatMap((group) => (isNode(group) ? list(group.options) : [])),
  ];
  if (options.length === 0) return [];
  const initial = [...list(node.initial_options), ...(node.initial_option === undefined ? [] : [node.initial_option])];
  return initial.some((chosen) => !options.some((option) => same(option, chosen)))
    ? [problem('initial options must be among the options', path)]
    : [];
}

const tokens = new Set(
  'day_divider_pretty,date_num,date_slash,date_long,date_long_full,date_long_pretty,date,date_pretty,date_short,date_short_pretty,time,time_secs,ago'
    .split(',')
    .map((token) => `{${token}}`),
);

/** What a value must look like, by the element's type. */
function formProblems(node: Node, path: string): string[] {
  const wrong = (condition: boolean, what: string) => (condition ? [problem(what, path)] : []);
  switch (node.type) {
    case 'section':
      return wrong(!node.text && !node.fields, 'missing required field: text');
    case 'date': {
      const found = String(node.format).match(/\{[^}]*\}/g) ?? [];
      return [
        ...wrong(found.length === 0 || found.some((token) => !tokens.has(token)), 'format has no or unknown tokens'),
        ...wrong(!Number.isInteger(node.timestamp), 'timestamp must be in whole seconds'),
      ];
    }
    case 'button':
      return wrong(typeof node.url === 'string' && !/^https?:\/\/./.test(node.url), 'must provide a valid url');
    case 'plain_text_input': {
      const [least, most] = [Number(node.min_length ?? 0), Number(node.max_length ?? 3000)];
      const initial = typeof node.initial_value === 'string' ? node.initial_value.length : 0;
      return [
        ...wrong(least < 0 || most < 1 || most > 3000 || least > most, 'min_length and max_length must be within 3000'),
        ...wrong(initial > most, 'initial_value is longer than max_length'),
      ];
    }
    case 'number_input': {
      const { initial_value: initial = 0, min_value: least = initial, max_value: most = initial } = node;
      const fits = Number(least) <= Number(initial) && Number(initial) <= Number(most);
      return wrong(node.initial_value !== undefined && !fits, 'initial_value must be a number within its bounds');
    }
    case 'datepicker':
      return wrong(
        node.initial_date !== undefined && !/^\d{4}-\d\d-\d\d$/.test(String(node.initial_date)),
        'must be a date as YYYY-MM-DD',
      );
    case 'timepicker':
      return wrong(
        node.initial_time !== undefined && !/^([01]\d|2[0-3]):[0-5]\d$/.test(String(node.initial_time)),
        'must be a time as HH:mm',
      );
    default:
      return [];
  }
}

function repeated(nodes: readonly unknown[], property: string, path: string): string[] {
  const ids = nodes.flatMap((node) => (isNode(node) && node[property] !== undefined ? [node[property]] : []));
  return new Set(ids).size < ids.length ? [problem(`${property} already exists`, path)] : [];
}

/** Every object in the value, with what it is and where. */
function limitProblems(value: unknown, role: string, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => limitProblems(item, role, `${path}/${index}`));
  if (!isNode(value)) return [];
  const own = typeof value.type === 'string' ? value.type : '';
  const kinds = [...new Set([own, role])].filter((kind) => kind in ranges || kind === own);
  return [
    ...kinds.flatMap((kind) => rangeProblems(value, kind, path)),
    ...initialProblems(value, path),
    ...formProblems(value, path),
    ...repeated(list(value.elements), 'action_id', `${path}/elements`),
    ...Object.entries(value).flatMap(([key, inner]) => limitProblems(inner, key, `${path}/${key}`)),
  ];
}

const blockListProblems = (blocks: unknown, limit: number, path: string): string[] => {
  if (!Array.isArray(blocks)) return [problem('must be an array', path)];
  return [
    ...(blocks.length > limit ? [problem(`no more than ${limit} items allowed`, path)] : []),
    ...repeated(blocks, 'block_id', path),
    ...blocks.flatMap((block, index) => shapeProblems(theShapes().block, block, `${path}/${index}`)),
    ...limitProblems(blocks, 'blocks', path),
  ];
};

/** What Slack would refuse in these blocks; nothing if it takes them. `limit` is how many it takes: 50 in a message. */
export const blockProblems = (blocks: unknown, limit = 50): string[] => blockListProblems(blocks, limit, '/blocks');

/** `chat.update` refuses more; `chat.postMessage` cuts it. */
const mostText = 4000;

/**
 * Of all blocks of a message together, in characters as people count them. Not in the reference: Slack answers
 * `msg_blocks_too_long` somewhere above it (github.com/slackapi/bolt-js/issues/2509 and 2867: 12,000 less some room for
 * the blocks themselves; 11,341 was refused, and about 13,200 in few blocks).
 */
const mostWords = 11_000;

const wordsIn = (value: unknown): number => {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + wordsIn(item), 0);
  if (!isNode(value)) return 0;
  const own = typeof value.text === 'string' ? [...value.text].length : 0;
  return Object.values(value).reduce((sum: number, inner) => sum + wordsIn(inner), own);
};

/** What Slack would refuse in a message. A message needs a text, which is what notifications and screen readers have. */
export const messageProblems = ({ text, blocks }: { readonly text?: unknown; readonly blocks?: unknown }): string[] => [
  ...(typeof text === 'string' && text.length <= mostText
    ? []
    : [problem(`must be a text of at most ${mostText}`, '/text')]),
  ...(blocks === undefined ? [] : blockProblems(blocks)),
  ...(wordsIn(blocks) > mostWords ? [problem('msg_blocks_too_long', '/blocks')] : []),
];

const viewKinds = ['modal', 'home'] as const;
const mostViewBytes = 250_000;

/** What Slack would refuse in a modal or Home tab. */
export function viewProblems(view: unknown): string[] {
  if (!isNode(view)) return [problem('must be an object', '/view')];
  const kind = viewKinds.find((each) => each === view.type);
  if (!kind) return [problem('must be a modal or home', '/view/type')];
  const { blocks, ...rest } = view;
  const asks = list(blocks).some((block) => isNode(block) && block.type === 'input');
  return [
    ...shapeProblems(theShapes()[kind], { ...rest, blocks: [] }, '/view'),
    ...limitProblems(rest, 'view', '/view'),
    ...blockListProblems(blocks, 100, '/view/blocks'),
    ...(kind === 'modal' && asks && !view.submit ? [problem('missing required field: submit', '/view/submit')] : []),
    ...(JSON.stringify(view).length > mostViewBytes ? [problem('view_too_large', '/view')] : []),
  ];
}
