import type { Language } from '../../domain/language.ts';

/** HTML whose parts are escaped unless they are HTML already. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const escapeHtml = (text: string): string =>
  text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');

type Part = string | number | Html | null | false | readonly Part[];

const render = (part: Part): string => {
  if (part === null || part === false) return '';
  if (part instanceof Html) return part.text;
  return Array.isArray(part) ? part.map(render).join('') : escapeHtml(String(part));
};

export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(
    strings.reduce(
      (text, string, index) => text + string + (index < parts.length ? render(parts[index] as Part) : ''),
      '',
    ),
  );

/** A whole page. Its only style sheet is `/style.css`; it has no script but those that it names. */
export const page = (
  title: string,
  body: Html,
  language: Language = 'en',
  scripts: readonly string[] = [],
): string => `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="/style.css">
${scripts.map((script) => `<script src="${escapeHtml(script)}" defer></script>\n`).join('')}</head>
<body>
<main>
${body.text}
</main>
</body>
</html>
`;
