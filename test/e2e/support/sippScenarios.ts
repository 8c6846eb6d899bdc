import { domain } from './kamailio.ts';
import { referUacBodies, referUasBodies } from './sippRefers.ts';
import type { ReferUacScenario, ReferUasScenario } from './sippRefers.ts';

/** What a scripted far end does when it is called. */
export type UasScenario =
  | 'busy486'
  | 'decline603'
  | 'notFound404'
  | 'moved302'
  | 'unavailable480AfterRinging'
  | 'earlyMedia'
  | 'ringsForEver'
  | 'ringsThenEarlyMedia'
  | 'answers'
  | 'reinvite488'
  | 'reinvite488Once'
  | 'declinesVideo'
  | 'reinvite491Once'
  | 'reinvite491Always'
  | 'reinvite408'
  | 'reinvite481'
  | 'reinviteAccepted'
  | 'earlyMedia486';

/** What a scripted caller does once it has called. */
export type UacScenario =
  | 'hangsUp'
  | 'cancelsAnsweredElsewhere'
  | 'cancels'
  | 'waitsForBye'
  | 'waitsFor408'
  | 'reinvites'
  | 'refusesRefer'
  | 'takesReferAndLeaves'
  | 'notifies200'
  | 'notifies404'
  | 'notifies486'
  | 'notifies503'
  | 'notifies603'
  | 'refers'
  | 'refersRefused'
  | OutsideScenario;

/** What a scripted far end does without calling. */
export type OutsideScenario = 'notifiesUnasked' | 'notifiesUnaskedRefused';

const sdp = (port: string): string => `v=0
o=sipp 53655765 2353687637 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio ${port} RTP/AVP 0 101
a=rtpmap:0 PCMU/8000
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-15
a=ptime:20
a=sendrecv`;

const send = (text: string, attributes = ''): string =>
  `<send${attributes}><![CDATA[\n${text}\n]]></send>`;
const receive = (request: string, attributes = ''): string =>
  `<recv request="${request}"${attributes}/>`;
const pause = (milliseconds: number): string => `<pause milliseconds="${milliseconds}"/>`;
const playTone = '<nop><action><exec rtp_stream="[tone],-1,0,PCMU/8000"/></action></nop>';

const contact = 'Contact: <sip:sipp@[local_ip]:[local_port];transport=[transport]>';

function response(status: string, { headers = [contact], body = '' } = {}): string {
  const isSuccess = status.startsWith('2');
  const content =
    body === ''
      ? 'Content-Length: 0\n'
      : `Content-Type: application/sdp\nContent-Length: [len]\n\n${body}`;
  const lines = [
    `SIP/2.0 ${status}`,
    ...['[last_Via:]', '[last_Record-Route:]', '[last_From:]'],
    '[last_To:];tag=[call_number]-[pid]',
    ...['[last_Call-ID:]', '[last_CSeq:]', ...headers],
    content,
  ];
  return send(lines.join('\n'), isSuccess && body !== '' ? ' retrans="500"' : '');
}

/** The peer's tag is in To already for what comes within the dialog. */
function inDialog(status: string, body = ''): string {
  return response(status, { body }).replace('[last_To:];tag=[call_number]-[pid]', '[last_To:]');
}

const ack = receive('ACK', ' crlf="true"');
const ringing = response('180 Ringing');
const final = (status: string, headers?: string[]): string =>
  response(status, headers === undefined ? {} : { headers }) + ack;
// The same port in every answer: a media stream is sent from it.
const audio = sdp('[rtpstream_audio_port]');
const answer = response('200 OK', { body: audio }) + ack;
const byeByCaller = receive('BYE') + inDialog('200 OK');
const refuse = (status: string): string => receive('INVITE') + inDialog(status) + ack;
const accept = receive('INVITE') + inDialog('200 OK', audio) + ack;
// RFC 3264 section 6: a stream that is not wanted is answered with port zero.
const noVideo = `${audio}\nm=video 0 RTP/AVP 96`;
const acceptSound = receive('INVITE') + inDialog('200 OK', noVideo) + ack;

const uasBodies: Readonly<Record<UasScenario, string>> = {
  busy486: final('486 Busy Here'),
  decline603: final('603 Decline'),
  notFound404: final('404 Not Found'),
  moved302: final('302 Moved Temporarily', [`Contact: <sip:1003@${domain}>`]),
  unavailable480AfterRinging: ringing + pause(700) + final('480 Temporarily Unavailable'),
  earlyMedia:
    response('183 Session Progress', { body: audio }) +
    playTone +
    pause(2500) +
    answer +
    byeByCaller,
  // The description of early media comes first, and the media seconds later.
  ringsThenEarlyMedia:
    ringing +
    pause(2500) +
    response('183 Session Progress', { body: audio }) +
    pause(6000) +
    playTone +
    pause(4000) +
    answer +
    byeByCaller,
  ringsForEver:
    ringing +
    receive('CANCEL') +
    inDialog('200 OK') +
    response('487 Request Terminated').replace('[last_CSeq:]', 'CSeq: [cseq] INVITE') +
    ack,
  earlyMedia486:
    response('183 Session Progress', { body: audio }) +
    playTone +
    pause(2000) +
    final('486 Busy Here'),
  answers: ringing + answer + playTone + byeByCaller,
  reinviteAccepted: ringing + answer + playTone + accept + byeByCaller,
  reinvite488: ringing + answer + playTone + refuse('488 Not Acceptable Here') + byeByCaller,
  reinvite488Once:
    ringing + answer + playTone + refuse('488 Not Acceptable Here') + accept + byeByCaller,
  declinesVideo: ringing + answer + playTone + acceptSound + acceptSound + byeByCaller,
  reinvite491Once:
    ringing + answer + playTone + refuse('491 Request Pending') + accept + byeByCaller,
  // A loop: whoever gives up, and when, is the caller's business.
  reinvite491Always:
    ringing +
    answer +
    playTone +
    '<label id="1"/>' +
    receive('BYE', ' optional="true" next="2"') +
    // JsSIP sends one ACK too many after the second refusal.
    receive('ACK', ' optional="true" next="1"') +
    receive('INVITE') +
    inDialog('491 Request Pending') +
    receive('ACK', ' next="1"') +
    '<label id="2"/>' +
    inDialog('200 OK'),
  // These two end the call by RFC 3261; a BYE may come, but the scenario is over without it.
  reinvite408: ringing + answer + playTone + refuse('408 Request Timeout') + byeByCaller,
  reinvite481:
    ringing + answer + playTone + refuse('481 Call/Transaction Does Not Exist') + byeByCaller,
};

function request(method: string, cseq: string, extra: readonly string[] = []): string {
  return [
    `${method} sip:[service]@${domain} SIP/2.0`,
    'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]',
    `From: "SIPp" <sip:[field0]@${domain}>;tag=[pid]-[call_number]`,
    `To: <sip:[service]@${domain}>`,
    ...['Call-ID: [call_id]', `CSeq: ${cseq}`, 'Max-Forwards: 70', ...extra],
  ].join('\n');
}

const offer = [
  'Contact: <sip:[field0]@[local_ip]:[local_port]>',
  'Allow: INVITE,ACK,BYE,CANCEL,OPTIONS,INFO',
  'Content-Type: application/sdp',
  'Content-Length: [len]',
  '',
  audio,
];

const within = (method: string, cseq: number): string =>
  [
    `${method} [next_url] SIP/2.0`,
    'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]',
    ...['[routes]', `From: "SIPp" <sip:[field0]@${domain}>;tag=[pid]-[call_number]`],
    ...['[last_To:]', 'Call-ID: [call_id]', `CSeq: ${cseq} ${method}`],
    ...['Max-Forwards: 70', 'Content-Length: 0', ''],
  ].join('\n');

const challengedInvite = [
  send(request('INVITE', '1 INVITE', offer), ' retrans="500"'),
  '<recv response="100" optional="true"/>',
  '<recv response="407" auth="true"/>',
  send(
    [
      `ACK sip:[service]@${domain} SIP/2.0`,
      ...['[last_Via:]', '[last_From:]', '[last_To:]', 'Call-ID: [call_id]', 'CSeq: 1 ACK'],
      ...['Max-Forwards: 70', 'Content-Length: 0', ''],
    ].join('\n'),
  ),
  // SIPp fills in the digest where field 1 says [authentication ...].
  send(request('INVITE', '2 INVITE', ['[field1]', ...offer]), ' retrans="500"'),
  '<recv response="100" optional="true"/>',
].join('');

const connected = [
  '<recv response="180" optional="true"/>',
  '<recv response="183" optional="true"/>',
  '<recv response="200" rrs="true"/>',
  send(within('ACK', 2)),
  playTone,
].join('');

const finish = request('ACK', '2 ACK', ['Content-Length: 0', ''])
  .replace(/^Via: .*$/m, '[last_Via:]')
  .replace(/^To: .*$/m, '[last_To:]');

const reinvite = within('INVITE', 3).replace(
  'Content-Length: 0',
  [
    'Contact: <sip:[field0]@[local_ip]:[local_port]>',
    'Content-Type: application/sdp',
    'Content-Length: [len]',
    '',
    audio,
  ].join('\n'),
);

const withHeaders = (message: string, headers: readonly string[]): string =>
  message.replace('Content-Length: 0', [...headers, 'Content-Length: 0'].join('\n'));

// A request after one of the phone's: the last To is then our own.
const later = (method: string, cseq: number): string =>
  within(method, cseq).replace('[last_To:]', 'To:[$1]');
const connectedForLater = connected.replace(
  '<recv response="200" rrs="true"/>',
  '<recv response="200" rrs="true"><action><ereg regexp=".*" search_in="hdr" header="To:" assign_to="1"/></action></recv>',
);

/** What the one who follows a REFER tells the referrer (RFC 3515 section 2.4.4). */
function notify(cseq: number, status: string, state: string): string {
  const headers = ['Event: refer', `Subscription-State: ${state}`];
  const content = [
    'Contact: <sip:[field0]@[local_ip]:[local_port]>',
    'Content-Type: message/sipfrag;version=2.0',
    'Content-Length: [len]',
  ];
  const message = withHeaders(later('NOTIFY', cseq), headers)
    .replace('Content-Length: 0', content.join('\n'))
    .trimEnd();
  return `${send(`${message}\n\nSIP/2.0 ${status}`)}<recv response="200"/>`;
}

const byeByPhone = receive('BYE') + inDialog('200 OK');

/** Takes a REFER, tells how it goes on, and leaves the call up. */
function notifies(status: string): string {
  return [
    connectedForLater,
    receive('REFER'),
    inDialog('202 Accepted'),
    notify(3, '100 Trying', 'active;expires=60'),
    notify(4, status, 'terminated;reason=noresource'),
    byeByPhone,
  ].join('');
}

// Asks for a call to 1008, whatever becomes of that.
const refer = withHeaders(within('REFER', 3), [
  'Contact: <sip:[field0]@[local_ip]:[local_port]>',
  `Refer-To: <sip:1008@${domain}>`,
  `Referred-By: <sip:[field0]@${domain}>`,
]);
const takeNotify = receive('NOTIFY') + inDialog('200 OK');

function cancel(reason: string | undefined): string {
  // A CANCEL repeats the branch of the INVITE it is for.
  const extra = [...(reason === undefined ? [] : [`Reason: ${reason}`]), 'Content-Length: 0', ''];
  const text = request('CANCEL', '2 CANCEL', extra).replace(/^Via: .*$/m, '[last_Via:]');
  return [
    '<recv response="180"/>',
    pause(500),
    send(text),
    '<recv response="200"/>',
    '<recv response="487"/>',
    send(finish),
  ].join('');
}

// A NOTIFY that answers no SUBSCRIBE, and what is said to it.
function notifiesUnasked(status: string): string {
  const content = [
    'Event: message-summary',
    'Subscription-State: active',
    'Contact: <sip:[field0]@[local_ip]:[local_port]>',
    'Content-Type: application/simple-message-summary',
    'Content-Length: [len]',
    '',
    'Messages-Waiting: yes',
  ];
  return [
    send(request('NOTIFY', '1 NOTIFY', content)),
    '<recv response="407" auth="true"/>',
    send(request('NOTIFY', '2 NOTIFY', ['[field1]', ...content])),
    `<recv response="${status}"/>`,
  ].join('');
}

const outsideBodies: Readonly<Record<OutsideScenario, string>> = {
  notifiesUnasked: notifiesUnasked('200'),
  notifiesUnaskedRefused: notifiesUnasked('481'),
};

const uacBodies: Readonly<Record<Exclude<UacScenario, OutsideScenario>, string>> = {
  hangsUp: `${connected}<pause/>${send(within('BYE', 3), ' retrans="500"')}<recv response="200"/>`,
  waitsForBye: `${connected}${receive('BYE')}${inDialog('200 OK')}`,
  waitsFor408: `<recv response="180"/><recv response="408"/>${send(finish)}`,
  // An offer of its own, then one of the far end.
  reinvites: [
    connected,
    pause(500),
    send(reinvite, ' retrans="500"'),
    '<recv response="100" optional="true"/>',
    '<recv response="200"/>',
    send(within('ACK', 3)),
    receive('INVITE'),
    inDialog('200 OK', audio),
    ack,
    receive('BYE'),
    inDialog('200 OK'),
  ].join(''),
  refusesRefer: connected + receive('REFER') + inDialog('603 Decline') + byeByPhone,
  takesReferAndLeaves: [
    connectedForLater,
    receive('REFER'),
    inDialog('202 Accepted'),
    pause(300),
    send(later('BYE', 3), ' retrans="500"'),
    '<recv response="200"/>',
  ].join(''),
  notifies200: notifies('200 OK'),
  notifies404: notifies('404 Not Found'),
  notifies486: notifies('486 Busy Here'),
  notifies503: notifies('503 Service Unavailable'),
  notifies603: notifies('603 Decline'),
  refers: `${connected}${send(refer)}<recv response="202"/>${takeNotify}${takeNotify}${byeByPhone}`,
  refersRefused: `${connected}${send(refer)}<recv response="603"/>${byeByPhone}`,
  cancels: cancel(undefined),
  cancelsAnsweredElsewhere: cancel('SIP;cause=200;text="Call completed elsewhere"'),
};

function scenario(name: string, body: string, tone: string): string {
  const head = '<?xml version="1.0" encoding="ISO-8859-1"?>\n<!DOCTYPE scenario SYSTEM "sipp.dtd">';
  return `${head}\n<scenario name="${name}">${body.replaceAll('[tone]', tone)}</scenario>\n`;
}

/** The scenario file of a far end; `tone` is a raw mu-law file it plays where it has media. */
export function uasScenario(name: UasScenario | ReferUasScenario, tone: string): string {
  if (name in referUasBodies) return scenario(name, referUasBodies[name as ReferUasScenario], tone);
  const invite = receive('INVITE', ' crlf="true" rrs="true"');
  return scenario(name, invite + uasBodies[name as UasScenario], tone);
}

/** The scenario file of a caller with digest credentials from the injected file. */
export function uacScenario(name: UacScenario | ReferUacScenario, tone: string): string {
  if (name in referUacBodies) return scenario(name, referUacBodies[name as ReferUacScenario], tone);
  const bodies: Readonly<Record<string, string>> = uacBodies;
  const called = bodies[name];
  const body =
    called === undefined ? outsideBodies[name as OutsideScenario] : challengedInvite + called;
  return scenario(name, body, tone);
}
