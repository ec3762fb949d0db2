/** Reads cards as a person does: their words, and their buttons with the inputs that they send along. */
export type JsonCard = { readonly [key: string]: unknown };

type Node = Record<string, unknown>;

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);

const children = (node: Node): Node[] =>
  Object.entries(node)
    .filter(([key]) => !['data', 'fallback', 'msteams', 'refresh'].includes(key))
    .flatMap(([, value]) => (Array.isArray(value) ? value : [value]))
    .filter(isNode);

const shown = new Set(['text', 'title', 'value', 'label', 'errorMessage', 'placeholder']);

/** Every word that the card shows, from top to bottom. Neighbouring runs of one text stay on one line. */
export function textOf(card: JsonCard): string {
  const lines: string[] = [];
  const read = (node: Node) => {
    if (node.type === 'RichTextBlock') {
      const inlines = (node.inlines as (string | Node)[]).map((run) => (isNode(run) ? String(run.text ?? '') : run));
      lines.push(inlines.join(''));
      return;
    }
    for (const [key, value] of Object.entries(node))
      if (shown.has(key) && typeof value === 'string' && value) lines.push(value);
    for (const child of children(node)) read(child);
  };
  read(card as Node);
  return lines.join('\n');
}

export interface ClickChoice {
  /** Of several such buttons, the one whose data hold these. */
  readonly where?: Readonly<Record<string, string>>;
}

interface Found {
  readonly action: Node;
  /** The inputs of the card that the button is on, and of the cards around it. */
  readonly inputs: readonly Node[];
}

const inputsOf = (card: Node): Node[] => {
  const own: Node[] = [];
  const read = (node: Node) => {
    if (typeof node.type === 'string' && node.type.startsWith('Input.')) own.push(node);
    if (node.type === 'Action.ShowCard') return;
    for (const child of children(node)) read(child);
  };
  read(card);
  return own;
};

function find(card: Node, around: readonly Node[], wanted: (action: Node) => boolean): Found | null {
  const inputs = [...around, ...inputsOf(card)];
  const read = (node: Node): Found | null => {
    if (typeof node.type === 'string' && node.type.startsWith('Action.')) {
      if (node.type === 'Action.ShowCard') return find(node.card as Node, inputs, wanted);
      return wanted(node) ? { action: node, inputs } : null;
    }
    for (const child of children(node)) {
      const found = read(child);
      if (found) return found;
    }
    return null;
  };
  return read(card);
}

/**
 * What a client sends for a click: the action's data with the card's inputs. Inputs are filled by their name, which is
 * the part of their id before a colon. @throws where the client would not let it through: an input that is required and
 * empty, too long, or a choice that is not offered.
 */
export function clickIn(
  card: JsonCard,
  title: string,
  given: Readonly<Record<string, string>>,
  { where = {} }: ClickChoice = {},
): { readonly verb: string; readonly data: Record<string, unknown> } | null {
  const found = find(card as Node, [], (action) => {
    const data = isNode(action.data) ? action.data : {};
    return action.title === title && Object.entries(where).every(([key, value]) => data[key] === value);
  });
  if (!found) return null;
  const data: Record<string, unknown> = { ...(isNode(found.action.data) ? found.action.data : {}) };
  const unused = new Set(Object.keys(given));
  for (const input of found.inputs) {
    const id = String(input.id);
    const name = id.split(':', 1)[0] as string;
    unused.delete(name);
    const value = given[name] ?? input.value ?? '';
    if (input.isRequired && value === '') throw new Error(`“${title}” needs ${id}: ${String(input.errorMessage)}`);
    if (typeof input.maxLength === 'number' && String(value).length > input.maxLength)
      throw new Error(`${id} takes ${input.maxLength} characters`);
    const choices = input.choices as { value: string }[] | undefined;
    if (choices && value !== '' && !choices.some((choice) => choice.value === value))
      throw new Error(`${id} offers no ${String(value)}`);
    if (value !== '') data[id] = value;
  }
  if (unused.size > 0) throw new Error(`“${title}” has no input ${[...unused].join(', ')}`);
  return { verb: String(found.action.verb ?? data.verb), data };
}
