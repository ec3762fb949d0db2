/**
 * JSON Schema (draft 7) of the part of Adaptive Cards 1.5 that the cards use, stricter than the whole: unknown elements,
 * properties and values are refused, and so are properties that Teams or Slack don't honour. Source: the 1.5.0 schema and
 * the element reference at https://adaptivecards.io/explorer/.
 */

const text = { type: 'string', minLength: 1 } as const;
const ref = (name: string) => ({ $ref: `#/definitions/${name}` });
const listOf = (name: string) => ({ type: 'array', minItems: 1, items: ref(name) });

const object = (type: string | null, required: Record<string, unknown>, optional: Record<string, unknown> = {}) => ({
  type: 'object',
  additionalProperties: false,
  required: [...(type ? ['type'] : []), ...Object.keys(required)],
  properties: { ...(type ? { type: { const: type } } : {}), ...required, ...optional },
});

/** One of several, told by `type`, so that a mistake is reported once and where it is. */
const byType = (names: readonly string[]) => ({
  type: 'object',
  required: ['type'],
  properties: { type: { enum: names } },
  // biome-ignore lint/suspicious/noThenProperty: JSON Schema’s own keyword
  allOf: names.map((name) => ({ if: { properties: { type: { const: name } } }, then: ref(name) })),
});

const spacing = { enum: ['None', 'Small', 'Default', 'Medium', 'Large', 'ExtraLarge', 'Padding'] };
const element = { spacing, separator: { type: 'boolean' } };
const font = {
  size: { enum: ['Default', 'Small', 'Medium', 'Large', 'ExtraLarge'] },
  weight: { enum: ['Default', 'Lighter', 'Bolder'] },
  fontType: { enum: ['Default', 'Monospace'] },
};
const input = {
  ...element,
  errorMessage: text,
  isRequired: { type: 'boolean' },
  value: { type: 'string' },
  placeholder: text,
};
const action = { title: text };
const actionMore = { style: { enum: ['default', 'positive', 'destructive'] }, tooltip: text };
const data = { type: 'object', required: ['verb'], additionalProperties: { type: 'string' } };
const associatedInputs = { enum: ['auto', 'none'] };

export const adaptiveCardSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  ...object(
    'AdaptiveCard',
    { version: { const: '1.5' }, fallbackText: text, body: listOf('element') },
    {
      $schema: { const: 'http://adaptivecards.io/schemas/adaptive-card.json' },
      actions: listOf('action'),
      refresh: ref('refresh'),
      lang: { const: 'de' },
    },
  ),
  definitions: {
    element: byType(['TextBlock', 'RichTextBlock', 'Container', 'ActionSet', 'Input.Text', 'Input.ChoiceSet']),
    action: byType(['Action.Execute', 'Action.ShowCard', 'Action.OpenUrl']),
    TextBlock: object(
      'TextBlock',
      { text, wrap: { const: true } },
      { ...element, ...font, style: { enum: ['default', 'heading'] } },
    ),
    RichTextBlock: object('RichTextBlock', { inlines: listOf('TextRun') }, element),
    TextRun: object('TextRun', { text }, font),
    Container: object(
      'Container',
      { items: listOf('element') },
      { ...element, style: { enum: ['default', 'emphasis'] } },
    ),
    ActionSet: object('ActionSet', { actions: listOf('action') }, element),
    'Input.Text': object(
      'Input.Text',
      { id: text, label: text, maxLength: { type: 'integer', minimum: 1 }, placeholder: text },
      { ...input, isMultiline: { type: 'boolean' }, style: { enum: ['text', 'email'] } },
    ),
    'Input.ChoiceSet': object(
      'Input.ChoiceSet',
      { id: text, label: text, choices: listOf('choice'), wrap: { const: true }, placeholder: text },
      { ...input, style: { enum: ['compact', 'expanded'] }, isMultiSelect: { type: 'boolean' } },
    ),
    choice: object(null, { title: text, value: text }),
    'Action.Execute': object(
      'Action.Execute',
      { ...action, verb: text, data, fallback: ref('Action.Submit') },
      { ...actionMore, associatedInputs },
    ),
    'Action.Submit': object('Action.Submit', { ...action, data }, { associatedInputs }),
    'Action.OpenUrl': object(
      'Action.OpenUrl',
      { ...action, url: { type: 'string', pattern: '^https?://' } },
      actionMore,
    ),
    'Action.ShowCard': object('Action.ShowCard', { ...action, card: ref('inner') }, actionMore),
    inner: object('AdaptiveCard', {
      body: listOf('element'),
      actions: { type: 'array', minItems: 1, items: ref('Action.Execute') },
    }),
    refresh: object(null, {
      action: object('Action.Execute', { title: text, verb: { const: 'show' }, data }),
    }),
  },
};
