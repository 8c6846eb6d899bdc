import { domain } from './kamailio.ts';

/** What a scripted far end does that is asked, outside of any call, to call somebody. */
export type ReferUasScenario =
  | 'takesRefer200'
  | 'takesRefer404'
  | 'takesRefer486'
  | 'takesRefer503'
  | 'takesRefer603'
  | 'takesReferAndIsSilent'
  | 'refusesReferOutside';

/** What a scripted far end hears that asks a phone, outside of any call, to call somebody. */
export type ReferUacScenario =
  'asksAndHearsTwice' | 'asksAndIsToldNotAllowed' | 'asksAndIsDeclined';

const send = (lines: readonly string[], attributes = ''): string =>
  `<send${attributes}><![CDATA[\n${lines.join('\n')}\n]]></send>`;
const receive = (request: string): string => `<recv request="${request}"/>`;

const contact = 'Contact: <sip:sipp@[local_ip]:[local_port];transport=[transport]>';
const end = ['Content-Length: 0', ''];
const via = 'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]';

// The far end's From is our To in what we send within the dialog, and the other way round.
const takesRefer =
  '<recv request="REFER" rrs="true"><action>' +
  '<ereg regexp=".*" search_in="hdr" header="From:" assign_to="1"/>' +
  '<ereg regexp=".*" search_in="hdr" header="To:" assign_to="2"/>' +
  '</action></recv>';

const answer = (status: string): string =>
  send([
    `SIP/2.0 ${status}`,
    ...['[last_Via:]', '[last_Record-Route:]', '[last_From:]', 'To:[$2];tag=[pid]'],
    ...['[last_Call-ID:]', '[last_CSeq:]', contact, ...end],
  ]);

// SIPp wants every variable used.
const onlyAnswer = (status: string): string => answer(status).replace('To:[$2];', '[last_To:];');

function notify(cseq: number, status: string, state: string): string {
  const message = send([
    'NOTIFY [next_url] SIP/2.0',
    ...[via, '[routes]', 'From:[$2];tag=[pid]', 'To:[$1]', 'Call-ID: [call_id]'],
    ...[`CSeq: ${String(cseq)} NOTIFY`, 'Max-Forwards: 70', contact, 'Event: refer'],
    ...[`Subscription-State: ${state}`, 'Content-Type: message/sipfrag;version=2.0'],
    ...['Content-Length: [len]', '', `SIP/2.0 ${status}`],
  ]);
  return `${message}<recv response="200"/>`;
}

const notifies = (status: string): string =>
  [
    takesRefer,
    answer('202 Accepted'),
    notify(1, '100 Trying', 'active;expires=60'),
    notify(2, status, 'terminated;reason=noresource'),
  ].join('');

/** What the far end does once it is there, by name. */
export const referUasBodies: Readonly<Record<ReferUasScenario, string>> = {
  takesRefer200: notifies('200 OK'),
  takesRefer404: notifies('404 Not Found'),
  takesRefer486: notifies('486 Busy Here'),
  takesRefer503: notifies('503 Service Unavailable'),
  takesRefer603: notifies('603 Decline'),
  takesReferAndIsSilent: receive('REFER') + onlyAnswer('202 Accepted'),
  refusesReferOutside: receive('REFER') + onlyAnswer('603 Decline'),
};

const refer = (cseq: number, more: readonly string[] = []): string =>
  send([
    `REFER sip:[service]@${domain} SIP/2.0`,
    ...[via, `From: "SIPp" <sip:[field0]@${domain}>;tag=[pid]`, `To: <sip:[service]@${domain}>`],
    ...['Call-ID: [call_id]', `CSeq: ${String(cseq)} REFER`, 'Max-Forwards: 70', ...more],
    ...['Contact: <sip:[field0]@[local_ip]:[local_port]>', `Refer-To: <sip:1008@${domain}>`],
    ...end,
  ]);
const asks = [refer(1), '<recv response="407" auth="true"/>', refer(2, ['[field1]'])].join('');
const hears =
  receive('NOTIFY') +
  send([
    'SIP/2.0 200 OK',
    ...['[last_Via:]', '[last_Record-Route:]', '[last_From:]', '[last_To:]'],
    ...['[last_Call-ID:]', '[last_CSeq:]', contact, ...end],
  ]);

/** What the far end does once it is there, by name. */
export const referUacBodies: Readonly<Record<ReferUacScenario, string>> = {
  asksAndHearsTwice: `${asks}<recv response="202" rrs="true"/>${hears}${hears}`,
  asksAndIsToldNotAllowed: `${asks}<recv response="405"/>`,
  asksAndIsDeclined: `${asks}<recv response="603"/>`,
};
