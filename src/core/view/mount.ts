import { announcerMark } from './announcer.ts';
import { eventTypes, listen } from './actions.ts';
import { keepFocus } from './focus.ts';
import { parseHtml } from './html.ts';
import type { ViewData } from './model.ts';
import { morphChildren } from './morph.ts';
import { bindElements } from './bind.ts';
import { claim, findRoot, noteAttributes } from './roots.ts';
import { createRows, type Rows } from './rows.ts';
import { compile, type Template } from './template.ts';
import { tickingFields } from './ticking.ts';
import type { Model, Off, Root, TargetObject, ViewSpec } from './types.ts';

/** What all mounts of a view read at one draw besides the model. */
export interface Ambient {
  readonly texts: Readonly<Record<string, string>>;
  readonly lang: string;
  readonly dir: string;
}

/** One view at one target. */
export interface Mount {
  readonly root: Root | undefined;
  /** Draws what changed since the last draw here; throws what the template throws. */
  readonly draw: (data: ViewData, ambient: Ambient) => void;
  /** Writes fields of a row as texts; false when it takes a draw to show them. */
  readonly tick: (list: string, key: string, fields: Model) => boolean;
  /** Empties the root and gives it back as the page had it. */
  readonly remove: () => void;
}

/** What a mount is made from. */
export interface MountSetup {
  readonly spec: ViewSpec;
  readonly target: TargetObject;
  readonly uid: string;
  readonly report: (error: unknown) => void;
  /** The user has touched the target. */
  readonly used: () => void;
  readonly attempt: (work: () => void) => void;
}

interface Parts {
  readonly outer: Template;
  readonly events: ReadonlySet<string>;
  readonly lists: ReadonlyMap<string, Rows>;
}

/** What is on the page at one root, and how to let go of it. */
interface Attached {
  readonly root: Root;
  readonly host: Element;
  readonly parts: Parts;
  readonly release: Off;
  readonly bind: () => void;
  html: string;
  data: ViewData | undefined;
  ambient: Ambient | undefined;
  shared: object;
}

function compileParts({ spec, target, attempt }: MountSetup): Parts {
  const template = target.template ?? spec.template;
  const partials = { ...spec.partials, ...target.partials };
  const texts = [template, ...Object.values(partials)];
  const lists = new Map<string, Rows>();
  const rowTexts: string[] = [];
  for (const [field, row] of Object.entries(spec.rows ?? {})) {
    // A target's own template may loop over the field itself; then it is plain data there.
    if (!texts.some((text) => text.includes(`data-rows="${field}"`))) continue;
    const text = partials[field] ?? row.template;
    rowTexts.push(text);
    const ticking = tickingFields(text);
    const setup = { key: row.key, template: compile(text, partials), ticking, attempt };
    lists.set(field, createRows(setup));
  }
  const events = eventTypes([...texts, ...rowTexts]);
  return { outer: compile(template, partials), events, lists };
}

function attach(root: Root, setup: MountSetup): Attached {
  const parts = compileParts(setup);
  const host = root instanceof ShadowRoot ? root.host : root;
  const unclaim = claim(root);
  const restore = noteAttributes(host, ['lang', 'dir', 'data-cordboard']);
  const { actions = {}, plugin } = setup.spec;
  const unlisten = listen(root, parts.events, { actions, report: setup.report });
  host.setAttribute('data-cordboard', plugin);
  root.replaceChildren();
  const elements = bindElements(root, setup.spec.elements, setup.attempt);
  const touches = ['pointerdown', 'focusin'];
  for (const type of touches) root.addEventListener(type, setup.used);
  const release = (): void => {
    for (const type of touches) root.removeEventListener(type, setup.used);
    elements.release();
    unlisten();
    unclaim();
    root.replaceChildren();
    restore();
  };
  const nothing = { html: '', data: undefined, ambient: undefined, shared: {} };
  return { root, host, parts, release, bind: elements.bind, ...nothing };
}

function outerModel(at: Attached, data: ViewData): Model {
  const model: Record<string, unknown> = { ...data.outer };
  for (const [field, list] of Object.entries(data.rows)) {
    // Enough for `{{^calls}}nothing here{{/calls}}`; the rows themselves are drawn one by one.
    model[field] = at.parts.lists.has(field) ? list.length > 0 : list;
  }
  return model;
}

function isOuterSame(at: Attached, data: ViewData): boolean {
  if (data.outer !== at.data?.outer) return false;
  return Object.entries(data.rows).every(([field, list]) => {
    const last = at.data?.rows[field];
    if (!at.parts.lists.has(field)) return list === last;
    return list.length > 0 === (last !== undefined && last.length > 0);
  });
}

// The announcer may have come into it since.
function isWiped({ firstChild }: Root): boolean {
  return (
    firstChild === null || (firstChild instanceof Element && firstChild.matches(announcerMark))
  );
}

function drawOuter(at: Attached, data: ViewData, uid: string): void {
  const html = at.parts.outer({ ...at.shared, ...outerModel(at, data) });
  if (html === at.html && !isWiped(at.root)) return;
  const drawn = parseHtml(html);
  // With an id of its own a list is found again wherever the template moves it.
  for (const list of drawn.querySelectorAll('[data-rows]:not([id])')) {
    list.id = `${uid}-rows-${list.getAttribute('data-rows') ?? ''}`;
  }
  const last = at.root.lastElementChild;
  if (last?.matches(announcerMark)) drawn.append(last.cloneNode());
  morphChildren(at.root, drawn);
  at.html = html;
}

function drawLists(at: Attached, data: ViewData, all: boolean): void {
  for (const [field, rows] of at.parts.lists) {
    const list = data.rows[field] ?? [];
    if (!all && list === at.data?.rows[field]) continue;
    const place = at.root.querySelector(`[data-rows="${field}"]`);
    if (place !== null) rows.draw(place, list, at.shared);
  }
}

function drawInto(at: Attached, data: ViewData, uid: string): void {
  // Some pages empty a container and keep it; then it is drawn whole again.
  const wiped = at.html !== '' && isWiped(at.root);
  const outerSame = !wiped && at.data !== undefined && isOuterSame(at, data);
  if (!outerSame) drawOuter(at, data, uid);
  drawLists(at, data, !outerSame);
  at.bind();
  at.data = data;
}

function isSameAmbient(left: Ambient | undefined, right: Ambient): boolean {
  return left?.texts === right.texts && left.lang === right.lang && left.dir === right.dir;
}

/** Prepares a view at a target; the element is looked for at each draw. */
export function createMount(setup: MountSetup): Mount {
  const { target, uid } = setup;
  let attached: Attached | undefined;

  const detach = (): void => {
    attached?.release();
    attached = undefined;
  };

  const locate = (): Attached | undefined => {
    const root = findRoot(target);
    if (root === attached?.root) return attached;
    detach();
    if (root !== undefined) attached = attach(root, setup);
    return attached;
  };

  const adapt = (at: Attached, ambient: Ambient): void => {
    if (isSameAmbient(at.ambient, ambient)) return;
    at.host.setAttribute('lang', ambient.lang);
    at.host.setAttribute('dir', ambient.dir);
    at.ambient = ambient;
    at.shared = { uid, t: ambient.texts, data: target.data };
    at.data = undefined;
  };

  return {
    get root() {
      return attached?.root;
    },
    draw: (data, ambient) => {
      const at = locate();
      if (at === undefined) return;
      adapt(at, ambient);
      keepFocus(at.root, () => {
        drawInto(at, data, uid);
      });
    },
    tick: (list, key, fields) => attached?.parts.lists.get(list)?.tick(key, fields) ?? false,
    remove: detach,
  };
}
