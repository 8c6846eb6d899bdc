// The page of rawPhone.ts: JsSIP and nothing else, the reference that Cordboard is measured against.
import JsSIP from 'jssip';

const sessions = [];
const sip = [];
const state = { autoAnswer: false, callOptions: {} };

function openSocket(url) {
  const socket = new JsSIP.WebSocketInterface(url);
  const send = socket.send.bind(socket);
  socket.send = (message) => {
    sip.push({ at: performance.now(), out: true, text: String(message) });
    return send(message);
  };
  return socket;
}

function track(session) {
  const record = { session, events: [], calledAt: 0 };
  sessions.push(record);
  const note = (name) => (data) => {
    const response = data?.response ?? data?.message;
    record.events.push({
      at: performance.now(),
      name,
      originator: data?.originator,
      cause: data?.cause,
      code: response?.status_code,
      reason: response?.getHeader?.('Reason'),
    });
  };
  const names = ['progress', 'accepted', 'confirmed', 'ended', 'failed', 'hold', 'unhold'];
  for (const name of names) session.on(name, note(name));
  session.on('peerconnection', ({ peerconnection }) => playRemote(peerconnection));
  if (session.connection) playRemote(session.connection);
  if (session.direction === 'incoming' && state.autoAnswer) answer(sessions.length - 1);
}

function playRemote(connection) {
  connection.addEventListener('track', ({ track: received }) => {
    const element = new Audio();
    element.srcObject = new MediaStream([received]);
    void element.play().catch(() => undefined);
  });
}

function answer(place) {
  sessions.at(place).session.answer(state.callOptions);
}

/** JsSIP waits for gathering to end, so that is part of what is measured here. */
async function sentInvite(place) {
  const { session, calledAt } = sessions.at(place);
  for (;;) {
    const found = sip.find(
      ({ out, at, text }) =>
        out &&
        at >= calledAt &&
        text.startsWith('INVITE ') &&
        text.includes(session._request?.call_id ?? '\n'),
    );
    if (found) return found.at - calledAt;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

let ua;
window.rawPhone = {
  start({ user, password, domain, socket, pcConfig = {}, constraints = { audio: true } }) {
    state.callOptions = { mediaConstraints: constraints, pcConfig };
    ua = new JsSIP.UA({
      sockets: [openSocket(socket)],
      uri: `sip:${user}@${domain}`,
      password,
      session_timers: false,
      register_expires: 120,
    });
    ua.on('newRTCSession', ({ session }) => track(session));
    const registered = new Promise((resolve, reject) => {
      ua.once('registered', () => resolve());
      ua.once('registrationFailed', ({ cause }) => reject(new Error(cause)));
    });
    ua.start();
    return registered;
  },
  stop: () => ua.stop(),
  autoAnswer(isOn) {
    state.autoAnswer = isOn;
  },
  /** Calls and gives the session's place; `stream` replaces what getUserMedia would give. */
  call(target, stream) {
    const calledAt = performance.now();
    ua.call(target, { ...state.callOptions, ...(stream ? { mediaStream: stream } : {}) });
    sessions.at(-1).calledAt = calledAt;
    return sessions.length - 1;
  },
  answer,
  hangUp: (place) => sessions.at(place).session.terminate(),
  hold: (place) => sessions.at(place).session.hold(),
  unhold: (place) => sessions.at(place).session.unhold(),
  sendDtmf: (place, digits, options) => sessions.at(place).session.sendDTMF(digits, options),
  events: (place) => sessions.at(place)?.events ?? [],
  /** Milliseconds from `call` until the INVITE was handed to the socket. */
  sentInvite,
  count: () => sessions.length,
  sip,
};
