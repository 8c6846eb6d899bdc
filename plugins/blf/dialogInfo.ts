import type { PluginRegistry } from '../../src/core/index.ts';
import type { BlfCall, BlfParty, BlfStatus } from './types.ts';

type XmlElement = NonNullable<ReturnType<PluginRegistry['subscriptions']['readXml']>>;

/** The root of a document of RFC 4235. */
export const dialogInfoRoot = {
  name: 'dialog-info',
  namespace: 'urn:ietf:params:xml:ns:dialog-info',
} as const;

/** The calls of a line, and the document that told them last. */
export interface LineState {
  /** Of the last document; -1 before the first. */
  readonly version: number;
  readonly calls: ReadonlyMap<string, BlfCall>;
}

/** A line of which nothing is known. */
export const unknownLine: LineState = { version: -1, calls: new Map() };

// No phone has as many; a server that says so is not right.
const mostCalls = 100;

/**
 * The state of a line after one more document. Null when a document before it is missing, or it is
 * none: then the whole state has to be asked for (RFC 4235 section 4.3). An older one changes nothing.
 */
export function withDocument(line: LineState, document: XmlElement): LineState | null {
  const version = Number(document.attributes.get('version') ?? NaN);
  if (!Number.isSafeInteger(version) || version < 0) return null;
  const isFull = document.attributes.get('state') !== 'partial';
  if (isOld(version, line.version, isFull)) return line;
  if (!isFull && version !== line.version + 1) return null;
  return { version, calls: withCalls(new Map(isFull ? [] : line.calls), document) };
}

// Some servers send every full state with the same number.
function isOld(version: number, last: number, isFull: boolean): boolean {
  return version < last || (version === last && !isFull);
}

function withCalls(calls: Map<string, BlfCall>, document: XmlElement): LineState['calls'] {
  for (const element of childrenOf(document, 'dialog')) {
    const id = element.attributes.get('id') ?? '';
    const call = callOf(element, id);
    if (!call) calls.delete(id);
    else if (calls.size < mostCalls) calls.set(id, call);
  }
  return calls;
}

const states: readonly string[] = ['trying', 'proceeding', 'early', 'confirmed'];

/** Null when the call is over, or in no state that there is. */
function callOf(element: XmlElement, id: string): BlfCall | null {
  const state = childrenOf(element, 'state')[0]?.text.toLowerCase() ?? '';
  if (!states.includes(state)) return null;
  const attribute = (name: string): string => element.attributes.get(name) ?? '';
  const direction = attribute('direction');
  return {
    id,
    state: state as BlfCall['state'],
    direction: direction === 'initiator' || direction === 'recipient' ? direction : '',
    callId: attribute('call-id'),
    localTag: attribute('local-tag'),
    remoteTag: attribute('remote-tag'),
    isRendering: !childrenOf(element, 'local', 'remote').some(isSilent),
    local: partyOf(element, 'local'),
    remote: partyOf(element, 'remote'),
  };
}

// RFC 4235 section 4.4: a phone that plays nothing holds the call.
function isSilent(side: XmlElement): boolean {
  return childrenOf(side, 'target')
    .flatMap((target) => childrenOf(target, 'param'))
    .some(
      ({ attributes }) =>
        attributes.get('pname') === '+sip.rendering' && attributes.get('pval') === 'no',
    );
}

function partyOf(call: XmlElement, side: 'local' | 'remote'): BlfParty {
  const [element] = childrenOf(call, side);
  const [identity] = element ? childrenOf(element, 'identity') : [];
  const [target] = element ? childrenOf(element, 'target') : [];
  return {
    display: identity?.attributes.get('display') ?? '',
    identity: identity?.text ?? '',
    target: target?.attributes.get('uri') ?? '',
  };
}

function childrenOf(parent: XmlElement, ...names: readonly string[]): readonly XmlElement[] {
  return parent.children.filter(
    ({ name, namespace }) => names.includes(name) && namespace === dialogInfoRoot.namespace,
  );
}

/** What a call makes of its line. A phone that is called, by whatever word, rings. */
export function statusOf({ state, direction, isRendering }: BlfCall): BlfStatus {
  if (state === 'confirmed') return isRendering ? 'busy' : 'held';
  if (direction === 'recipient' || (direction === '' && state === 'early')) return 'ringing';
  return 'busy';
}

const ranks: readonly BlfStatus[] = ['ringing', 'busy', 'held'];

/** The call that says most about a line: one that rings, before one in progress, before a held one. */
export function leadingCall({ calls }: LineState): BlfCall | null {
  const ranked = [...calls.values()].sort(
    (one, other) => ranks.indexOf(statusOf(one)) - ranks.indexOf(statusOf(other)),
  );
  return ranked[0] ?? null;
}

/** The root of a document of RFC 3863. */
export const presenceRoot = {
  name: 'presence',
  namespace: 'urn:ietf:params:xml:ns:pidf',
} as const;

/** Whether a presence document says that somebody is there. */
export function isOpen(document: XmlElement): boolean {
  const walk = (element: XmlElement, [name, ...rest]: readonly string[]): readonly XmlElement[] =>
    name === undefined
      ? [element]
      : element.children
          .filter((child) => child.name === name)
          .flatMap((child) => walk(child, rest));
  return walk(document, ['tuple', 'status', 'basic']).some(({ text }) => text === 'open');
}
