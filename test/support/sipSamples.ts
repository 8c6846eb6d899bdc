// What the messages of the fuzz tests are made of, and what is put into them.

/** Several texts. */
export type Lines = readonly string[];

const sdp = [
  ...['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0'],
  ...['m=audio 9 UDP/TLS/RTP/SAVPF 111', 'c=IN IP4 127.0.0.1', 'a=rtpmap:111 opus/48000/2'],
  ...['a=sendrecv', ''],
].join('\r\n');
const dialogInfo =
  '<?xml version="1.0"?><dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="1" ' +
  'state="full" entity="sip:1002@lab.test"><dialog id="a" call-id="c" local-tag="l" remote-tag="r" ' +
  'direction="recipient"><state>early</state></dialog></dialog-info>';
const pidf =
  '<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:1002@lab.test"><tuple id="t">' +
  '<status><basic>open</basic></status></tuple><note>Hi</note></presence>';
const composing =
  '<isComposing xmlns="urn:ietf:params:xml:ns:im-iscomposing"><state>active</state></isComposing>';
const multipart = [
  '--b1',
  'Content-Type: application/sdp',
  '',
  sdp,
  '--b1',
  'Content-Type: application/xml',
  'Content-Disposition: render;handling=optional',
  '',
  pidf,
  '--b1--',
  '',
].join('\r\n');

/** A body and its type. */
export interface Body {
  readonly type: string;
  readonly text: string;
}
/** No body. */
export const none: Body = { type: '', text: '' };
const mixed: Body = { type: 'multipart/mixed;boundary=b1', text: multipart };
const offer: Body = { type: 'application/sdp', text: sdp };
const ringing: Body = { type: 'application/dialog-info+xml', text: dialogInfo };
const present: Body = { type: 'application/pidf+xml', text: pidf };
const waiting: Body = {
  type: 'application/simple-message-summary',
  text: 'Messages-Waiting: yes\r\nMessage-Account: sip:1000@lab.test\r\nVoice-Message: 2/8 (0/2)\r\n',
};
const fragment: Body = { type: 'message/sipfrag;version=2.0', text: 'SIP/2.0 180 Ringing\r\n' };

/** A message as it should be. */
export interface Base {
  readonly method: string;
  readonly headers?: Lines;
  readonly body?: Body;
  /** A NOTIFY of a subscription that there is. */
  readonly about?: string;
  /** A response with this status, its request being `method`. */
  readonly status?: string;
  readonly isWithin?: boolean;
}

const active = 'Subscription-State: active;expires=600';
/** Messages as they should be. */
export const bases: readonly Base[] = [
  { method: 'INVITE', body: offer },
  { method: 'INVITE', body: mixed },
  { method: 'INVITE', headers: ['Replaces: a@b;to-tag=c;from-tag=d'], body: offer },
  {
    method: 'INVITE',
    headers: [
      'Call-Info: <sip:x>;answer-after=0',
      'Alert-Info: <urn:x>',
      'P-Asserted-Identity: "A" <sip:a@b>',
    ],
    body: offer,
  },
  {
    method: 'INVITE',
    headers: ['Require: 100rel', 'Session-Expires: 90;refresher=uac'],
    body: none,
  },
  { method: 'INVITE', isWithin: true, body: offer },
  { method: 'NOTIFY', about: 'dialog', headers: [active], body: ringing },
  { method: 'NOTIFY', about: 'presence', headers: [active], body: present },
  { method: 'NOTIFY', about: 'message-summary', headers: [active], body: waiting },
  { method: 'NOTIFY', about: 'dialog', headers: [active], body: { ...mixed, text: multipart } },
  { method: 'NOTIFY', about: 'presence', headers: [active], body: mixed },
  { method: 'NOTIFY', headers: ['Event: message-summary', active], body: waiting },
  { method: 'NOTIFY', headers: ['Event: refer;id=2', active], body: fragment, isWithin: true },
  {
    method: 'NOTIFY',
    headers: ['Event: dialog', 'Subscription-State: terminated;reason=x'],
    body: mixed,
  },
  {
    method: 'REFER',
    headers: ['Refer-To: <sip:1003@lab.test>', 'Referred-By: <sip:1002@lab.test>'],
  },
  {
    method: 'REFER',
    headers: ['Refer-To: <sip:1003@lab.test?Replaces=a%40b%3Bto-tag%3Dc%3Bfrom-tag%3Dd>'],
    isWithin: true,
  },
  { method: 'MESSAGE', body: { type: 'text/plain', text: 'Hello <b>you</b>' } },
  { method: 'MESSAGE', body: { type: 'application/im-iscomposing+xml', text: composing } },
  { method: 'MESSAGE', body: mixed },
  { method: 'OPTIONS', headers: ['Accept: application/sdp'] },
  { method: 'SUBSCRIBE', headers: ['Event: presence', 'Expires: 60'] },
  { method: 'PUBLISH', headers: ['Event: presence'], body: present },
  {
    method: 'INFO',
    isWithin: true,
    body: { type: 'application/dtmf-relay', text: 'Signal=1\r\nDuration=100' },
  },
  { method: 'UPDATE', isWithin: true, body: offer },
  { method: 'PRACK', headers: ['RAck: 1 1 INVITE'], isWithin: true },
  { method: 'BYE', isWithin: true },
  { method: 'CANCEL' },
  { method: 'ACK', isWithin: true },
  { method: 'INVITE', status: '180 Ringing', body: offer },
  { method: 'INVITE', status: '200 OK', body: offer },
  {
    method: 'REGISTER',
    status: '401 Unauthorized',
    headers: ['WWW-Authenticate: Digest realm="r", nonce="n"'],
  },
  { method: 'REGISTER', status: '200 OK', headers: ['Contact: <sip:x@y>;expires=1'] },
  { method: 'SUBSCRIBE', status: '503 Busy', headers: ['Retry-After: 1'] },
];

/** What nobody expects in a header. */
export const nasty: Lines = [
  ...[
    '',
    ' ',
    '"',
    '<',
    '>',
    '<>',
    '""<>',
    ';;;',
    ';tag',
    ';tag=',
    ',',
    ',,,',
    ':',
    '@',
    '%',
    '%zz',
    '\\',
  ],
  ...['\u0000', '\u0001\u007f', '\ud83d\ude00', '\u202e\u2028', '\ud800', '\u00ff\u00fe', '\t'],
  ...['-1', '0', '1e9', 'NaN', '99999999999999999999', '4294967296', '2147483648', '0x10', '1.5'],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'undefined',
    'null',
    '[object Object]',
  ],
  ...['sip:', 'sip:@', 'sip:a@', 'sip:a@[::1]', 'sips:a@b', 'tel:+49', 'http://a/b', '*', 'urn:x'],
  ...['<sip:a@b', 'sip:a@b>', '"A <sip:a@b>', '<sip:a@b?x=%>', '<sip:%ff@b>', '<sip:a@b;=;>'],
  ...['a\r\n b', 'a\r\n\tb: c', 'a\r\nX-Added: 1', '<script>alert(1)</script>', "';--", '${7*7}'],
  ...['Digest', 'Digest realm=', 'Digest algorithm=MD5-sess, qop="x"', 'a=b=c', '(((((', '\u00a0'],
  ...['a'.repeat(5000), '<'.repeat(300), '"\\'.repeat(200), ';a=b'.repeat(300), '('.repeat(60)],
];
/** Headers that mean something to somebody. */
export const names: Lines = [
  ...[
    'Via',
    'From',
    'To',
    'Call-ID',
    'CSeq',
    'Contact',
    'Max-Forwards',
    'Event',
    'Subscription-State',
  ],
  ...[
    'Content-Type',
    'Content-Length',
    'Refer-To',
    'Referred-By',
    'Replaces',
    'Record-Route',
    'Route',
  ],
  ...[
    'Require',
    'Supported',
    'Session-Expires',
    'Min-SE',
    'Expires',
    'Call-Info',
    'Alert-Info',
    'Reason',
  ],
  ...[
    'P-Asserted-Identity',
    'RSeq',
    'RAck',
    'Retry-After',
    'Content-Encoding',
    'Content-Disposition',
  ],
  ...[
    'WWW-Authenticate',
    'Proxy-Authenticate',
    'Authorization',
    '__proto__',
    'constructor',
    'v',
    'f',
    't',
  ],
  ...['i', 'm', 'l', 'c', 'o', 'r', 'x', '', ' ', 'X-\u00e9'],
];
/** Bodies that are not what they say. */
export const bodies: Lines = [
  ...['', 'x', '\u0000', '--b1', '--b1--', '--b1\r\n\r\n--b1--', '--\r\n'.repeat(100), '<a/>', '<'],
  ...[
    dialogInfo.slice(0, 200),
    pidf.replace('</presence>', ''),
    `${'<a>'.repeat(500)}${'</a>'.repeat(500)}`,
  ],
  `<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>${dialogInfo.replace('early', '&b;')}`,
  ...[
    dialogInfo.replace('version="1"', 'version="-1"'),
    dialogInfo.replaceAll('dialog-info"', 'else"'),
  ],
  ...[pidf.replace('open', 'open<script>x</script>'), pidf.replaceAll('pidf', 'other'), composing],
  ...[
    'Messages-Waiting: maybe',
    'Voice-Message: -1/99999999999999999999 (x/y)',
    'Messages-Waiting',
    ':',
  ],
  ...[
    'SIP/2.0',
    'SIP/2.0 999 x',
    'SIP/2.0 200',
    'SIP/2.0 -1 OK',
    'HTTP/1.1 200 OK',
    sdp,
    multipart,
  ],
  ...[
    'v=0',
    'v=0\r\nm=audio',
    'm=audio x y z\r\na=',
    sdp.replace('audio', 'video'),
    sdp.slice(0, 60),
  ],
  ...[
    multipart.replace('--b1--', ''),
    multipart.replaceAll('--b1', '--b2'),
    multipart.slice(0, 150),
  ],
  multipart.replace('application/sdp', 'multipart/mixed;boundary=b1'),
];
/** Request-URIs that are not the phone’s own. */
export const targets: Lines = [
  ...[
    'tel:+49301234',
    'http://example.com/',
    'sip:',
    'sip:nobody@lab.test',
    'sips:1001@lab.test',
    '*',
  ],
  ...[
    'sip:1001@[::1]',
    'sip:1001@lab.test:99999',
    'sip:%31001@lab.test',
    'sip:1001:pw@lab.test',
    '',
  ],
  ...[
    'sip:1001@lab.test;lr;x=%00?a=b',
    'sip:1001@',
    'urn:service:sos',
    'sip:\u00e9@lab.test',
    'mailto:a@b',
  ],
];
/** What is no method, or one that means nothing here. */
export const methods: Lines = [
  'FOO',
  'invite',
  'REGISTER',
  '__proto__',
  'BYE',
  'CANCEL',
  'ACK',
  'A'.repeat(200),
  'M-SEARCH',
];
/** Status lines that make no sense. */
export const statuses: Lines = [
  '099 No',
  '100 Trying',
  '700 What',
  '200',
  '999 X',
  '401 No',
  '302 Moved',
  '-1 X',
  '486 \u00e9',
];
