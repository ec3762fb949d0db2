/**
 * Templates are written in English; a dictionary says each of their texts in another language. A text is a literal of a
 * template: all of a property that is shown, what stands around its `${…}`, and literals within those that are shown.
 */

/** Each English text of the templates, exactly as it stands there, with what it is in the other language. */
export type Dictionary = Readonly<Record<string, string>>;

/** The properties that somebody reads or hears. */
const shown = new Set('text,title,label,placeholder,errorMessage,fallbackText,tooltip,altText'.split(','));

const expression = /(\$\{(?:'[^']*'|[^'}])*\})/;
/** A literal in an expression, with what stands around it where something is compared with it, or it names a property. */
const literalInside = /([=!]=\s*|\[)?'([^']*)'(\s*[=!]=)?/g;
const hasWords = (text: string) => /\p{L}/u.test(text);

function translateText(text: string, say: (text: string) => string): string {
  const said = (literal: string) => (hasWords(literal) ? say(literal) : literal);
  return text
    .split(expression)
    .map((piece, index) =>
      index % 2 === 0
        ? said(piece)
        : piece.replace(literalInside, (whole, before, literal, after) =>
            before || after ? whole : `'${said(literal)}'`,
          ),
    )
    .join('');
}

/** The template with each of its texts as `say` says it. */
function translateAll(node: unknown, say: (text: string) => string, key = ''): unknown {
  if (typeof node === 'string') return shown.has(key) ? translateText(node, say) : node;
  if (Array.isArray(node)) return node.map((item) => translateAll(item, say, key === 'inlines' ? 'text' : ''));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    // What an action carries is for us, not for people.
    Object.entries(node).map(([name, inner]) => [name, name === 'data' ? inner : translateAll(inner, say, name)]),
  );
}

/** The template in the dictionary's language; what the dictionary lacks stays English. */
export const translated = (template: unknown, dictionary: Dictionary): unknown =>
  translateAll(template, (text) => dictionary[text] ?? text);

/** Every text of a template that a dictionary has to have. */
export function textsOf(template: unknown): Set<string> {
  const texts = new Set<string>();
  translateAll(template, (text) => {
    texts.add(text);
    return text;
  });
  return texts;
}
