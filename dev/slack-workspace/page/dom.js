/** @typedef {string | Node | null | false | undefined | readonly any[]} Part what falsy is, is left out */

/** What a browser keeps beside the attributes, because people change it. */
const properties = new Set(['value', 'checked', 'selected']);

/** Where elements are made: an image loads nothing there, and only those that come to the screen should. */
const workshop = document.implementation.createHTMLDocument('');

/**
 * An element; text in it stays text.
 * @param {string} tag
 * @param {Readonly<Record<string, unknown>>} attributes `null` and `false` are left out
 * @param {...Part} parts
 * @returns {HTMLElement}
 */
export function element(tag, attributes = {}, ...parts) {
  const made = workshop.createElement(tag);
  made.append(...nodesOf(parts));
  for (const [name, value] of Object.entries(attributes)) {
    if (properties.has(name)) Object.assign(made, { [name]: value });
    else if (value !== null && value !== undefined && value !== false)
      made.setAttribute(name, value === true ? '' : String(value));
  }
  return made;
}

/**
 * @param {readonly Part[]} parts
 * @returns {(string | Node)[]}
 */
const nodesOf = (parts) =>
  parts.flatMap((part) => {
    if (!part) return [];
    return Array.isArray(part) ? nodesOf(part) : [/** @type {string | Node} */ (part)];
  });

/** @param {Node} node */
const keyOf = (node) => (node instanceof HTMLElement ? node.dataset.key : undefined);

/**
 * Makes the children of `parent` like these and keeps the elements that are there, so that the focus, the caret and what
 * is scrolled or open stay. Siblings that come and go are told apart by `data-key`.
 * @param {Element} parent
 * @param {readonly Part[]} parts
 */
export function update(parent, parts) {
  const wanted = element('div', {}, ...parts);
  wanted.normalize();
  updateChildren(parent, wanted);
}

/**
 * @param {Element} parent
 * @param {Element} wanted
 */
function updateChildren(parent, wanted) {
  const children = [...wanted.childNodes];
  const keys = new Set(children.map(keyOf));
  /** @type {Map<string, ChildNode>} */
  const kept = new Map();
  for (const child of [...parent.childNodes]) {
    const key = keyOf(child);
    if (key === undefined) continue;
    if (keys.has(key)) kept.set(key, child);
    else child.remove();
  }
  let next = parent.firstChild;
  for (const child of children) {
    const key = keyOf(child);
    const old = key === undefined ? next : kept.get(key);
    if (!old || old.nodeName !== child.nodeName || keyOf(old) !== key) {
      parent.insertBefore(child, next);
      continue;
    }
    if (old === next) next = old.nextSibling;
    else parent.insertBefore(old, next);
    updateNode(old, child);
  }
  while (next) {
    const after = next.nextSibling;
    next.remove();
    next = after;
  }
}

/**
 * @param {Node} old
 * @param {Node} wanted
 */
function updateNode(old, wanted) {
  if (!(old instanceof Element) || !(wanted instanceof Element)) {
    if (old.nodeValue !== wanted.nodeValue) old.nodeValue = wanted.nodeValue;
    return;
  }
  // A style is where the page itself has put a menu.
  for (const { name } of [...old.attributes])
    if (name !== 'style' && !wanted.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of wanted.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  updateChildren(old, wanted);
  if (old instanceof HTMLInputElement && wanted instanceof HTMLInputElement) {
    if (old.value !== wanted.value) old.value = wanted.value;
    if (old.checked !== wanted.checked) old.checked = wanted.checked;
  } else if (
    (old instanceof HTMLTextAreaElement && wanted instanceof HTMLTextAreaElement) ||
    (old instanceof HTMLSelectElement && wanted instanceof HTMLSelectElement)
  ) {
    if (old.value !== wanted.value) old.value = wanted.value;
  }
}
