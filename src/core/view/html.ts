interface HtmlPolicy {
  readonly createHTML: (html: string) => unknown;
}

interface PolicyFactory {
  readonly createPolicy: (name: string, rules: HtmlPolicy) => HtmlPolicy;
}

const policyName = 'cordboard';

// Where the policy is kept: a page that loads the library twice may create a policy name only once.
const policyKey = Symbol.for('cordboard.htmlPolicy');

function createPolicy(): HtmlPolicy {
  const pass: HtmlPolicy = { createHTML: (html) => html };
  const factory = Reflect.get(globalThis, 'trustedTypes') as PolicyFactory | undefined;
  if (factory === undefined) return pass;
  try {
    return factory.createPolicy(policyName, pass);
  } catch {
    // The page forbids the name. If it also demands trusted types, each draw says so in its report.
    return pass;
  }
}

function sharedPolicy(): HtmlPolicy {
  const known = Reflect.get(globalThis, policyKey) as HtmlPolicy | undefined;
  if (known !== undefined) return known;
  const created = createPolicy();
  Object.defineProperty(globalThis, policyKey, { value: created, configurable: true });
  return created;
}

let policy: HtmlPolicy | undefined;

/**
 * A text that a parser of the browser takes where the page demands trusted types. It says nothing of
 * what the text holds: what is parsed must be inert, and stay out of the page.
 */
export function forParser(text: string): string {
  policy ??= sharedPolicy();
  return policy.createHTML(text) as string;
}

function fill(template: HTMLTemplateElement, html: string): DocumentFragment {
  template.innerHTML = forParser(html);
  return template.content;
}

/** Parses html into inert nodes, through the Trusted Types policy `cordboard` where there is one. */
export function parseHtml(html: string): DocumentFragment {
  return fill(document.createElement('template'), html);
}

// Rows are drawn often, and the one element is taken out at once.
let rowTemplate: HTMLTemplateElement | undefined;

/** Parses html that must be exactly one element; throws where it is not. */
export function parseElement(html: string): Element {
  rowTemplate ??= document.createElement('template');
  const content = fill(rowTemplate, html);
  const element = content.firstElementChild;
  if (element === null || content.childElementCount > 1) {
    throw new Error('The template of a row must draw exactly one element');
  }
  element.remove();
  return element;
}
