import type { PluginRegistry } from '../../src/core/index.ts';
import type { OwnStatus, PresenceStatus } from './types.ts';

type XmlElement = NonNullable<ReturnType<PluginRegistry['subscriptions']['readXml']>>;

const pidf = 'urn:ietf:params:xml:ns:pidf';
const dataModel = 'urn:ietf:params:xml:ns:pidf:data-model';
const rpid = 'urn:ietf:params:xml:ns:pidf:rpid';

/** The root of a document of RFC 3863. */
export const presenceRoot: { readonly name: string; readonly namespace: string } = {
  name: 'presence',
  namespace: pidf,
};

/** What a document says of somebody. */
export interface Told {
  readonly status: PresenceStatus;
  readonly note: string;
}

const longestNote = 500;

// RFC 4480 section 3.2: activities that say how somebody is to be had; others say nothing of it.
const activities: Readonly<Record<string, PresenceStatus>> = {
  'on-the-phone': 'onThePhone',
  busy: 'busy',
  meeting: 'busy',
  presentation: 'busy',
  'in-transit': 'away',
  away: 'away',
  appointment: 'busy',
  holiday: 'away',
  meal: 'away',
  'permanent-absence': 'away',
  sleeping: 'away',
  vacation: 'away',
};

/** What a presence document says; of several devices one that is open is enough. */
export function tell(document: XmlElement): Told {
  const tuples = within(document, pidf, 'tuple');
  const basics = tuples
    .flatMap((tuple) => within(tuple, pidf, 'status'))
    .flatMap((status) => within(status, pidf, 'basic'))
    .map(({ text }) => text);
  const persons = [...within(document, dataModel, 'person'), ...tuples];
  const [activity] = persons
    .flatMap((person) => within(person, rpid, 'activities'))
    .flatMap(({ children }) => children)
    .flatMap(({ name, namespace }) =>
      namespace === rpid && Object.hasOwn(activities, name) ? [activities[name]] : [],
    );
  const notes = [
    ...persons.flatMap((person) => [
      ...within(person, dataModel, 'note'),
      ...within(person, pidf, 'note'),
    ]),
    ...within(document, pidf, 'note'),
  ];
  const note = notes.map(({ text }) => text).find((text) => text !== '') ?? '';
  const isOpen = basics.includes('open');
  const closed = basics.length === 0 ? 'unknown' : 'offline';
  return {
    status: isOpen ? (activity ?? 'available') : closed,
    note: note.slice(0, longestNote),
  };
}

function within(parent: XmlElement, namespace: string, wanted: string): readonly XmlElement[] {
  return parent.children.filter(({ name, namespace: own }) => name === wanted && own === namespace);
}

const ownActivity: Readonly<Partial<Record<OwnStatus, string>>> = {
  away: 'away',
  busy: 'busy',
  onThePhone: 'on-the-phone',
};

const signs: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

// XML 1.0 section 2.2 has no place for other control characters, even escaped.
const unspeakable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g; // eslint-disable-line no-control-regex -- they are what is taken out

function escaped(text: string): string {
  return text.replace(unspeakable, '').replace(/[&<>"]/g, (sign) => signs[sign] ?? '');
}

/** The document that tells the own state of `entity`, from the device `id`. */
export function write(entity: string, id: string, { status, note }: Told): string {
  const basic = status === 'offline' ? 'closed' : 'open';
  const activity = ownActivity[status as OwnStatus];
  const person =
    activity === undefined
      ? ''
      : `<dm:person id="p${id}"><rpid:activities><rpid:${activity}/></rpid:activities></dm:person>`;
  const words = note === '' ? '' : `<note>${escaped(note)}</note>`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<presence xmlns="${pidf}" xmlns:dm="${dataModel}" xmlns:rpid="${rpid}" entity="${escaped(entity)}">`,
    `<tuple id="t${id}"><status><basic>${basic}</basic></status>${words}</tuple>${person}`,
    '</presence>',
  ].join('\r\n');
}
