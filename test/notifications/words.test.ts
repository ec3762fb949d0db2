import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { problemInGerman } from '../../src/notifications/problems-de.ts';
import { projectFile } from '../../src/runtime/project-file.ts';

/** Where words are written, in whichever language. */
const wordFiles = /(-de|-en|words|sentences|html|modal|page|grammar)\.ts$/;
const sources = ['src/notifications', 'src/surfaces/chat'].flatMap((folder) =>
  readdirSync(projectFile(folder)).map((file) => join(folder, file)),
);

/** Literals of a file: not of types, imports and faults. */
function literalsOf(file: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node) || ts.isThrowStatement(node)) return;
    if (ts.isNewExpression(node) && /Error|RetryLater|Conflict/.test(node.expression.getText())) return;
    if (ts.isCallExpression(node) && /^log\./.test(node.expression.getText())) return;
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
      found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(projectFile(file), 'utf8'), ts.ScriptTarget.Latest, true));
  return found;
}

/** Two words that a person would read, such as `Sent again`. */
const isSentence = (text: string) => /\p{L}{2,}[,;:’]? \p{L}+/u.test(text);

describe('words for people', () => {
  it.each(sources.filter((file) => !wordFiles.test(file)))('are written in no other file: %s', (file) => {
    expect(literalsOf(file).filter((text) => isSentence(text) && !isProblem(text))).toEqual([]);
  });

  it('are found where they are', () => {
    expect(literalsOf('src/surfaces/chat/phrases-en.ts').filter(isSentence)).toContain(
      'The invitation’s card shows it.',
    );
  });
});

/** What an `input-invalid` says of its input. */
const isProblem = (text: string) => /^(has to|is|came|names|may) /.test(text);

describe('what is wrong with an input', () => {
  const files = ['src/commands', 'src/surfaces/chat'].flatMap((folder) =>
    readdirSync(projectFile(folder)).map((file) => join(folder, file)),
  );
  const problems = files
    .filter((file) => !wordFiles.test(file))
    .flatMap(literalsOf)
    .filter((text) => isProblem(text) && isSentence(text));

  it.each([...new Set(problems)])('has its German: %s', (problem) => {
    expect(problemInGerman(problem)).not.toBe(problemInGerman('anything else'));
  });

  it('is found', () => expect(problems.length).toBeGreaterThan(4));
});
