import { echo } from './echo.js';
import { soundMeter } from './soundMeter.js';
import { createTestMicrophone } from './testMicrophone.js';

const { createPhone, createWebphone, userAgent } = window.Cordboard;

const element = (id) => document.getElementById(id);

/** The users that the server has just made for this page: `{ realm, one, two, echo }`. */
async function newSession() {
  const response = await fetch('session');
  if (!response.ok) throw new Error(`the server says ${response.status}`);
  return response.json();
}

function loginOf({ username, password }, realm) {
  return {
    transport: { sockets: [`ws://${location.host}/sip`] },
    authentication: { username, password, realm },
  };
}

function configurationOf(name, session) {
  return {
    userAgent: {
      ...loginOf(session[name], session.realm),
      user_agent: { display_name: `Phone ${name}`, redial: session.echo.username },
      renderTargets: [`${name}-user-agent`],
    },
    callList: { renderTargets: [`${name}-call-list`] },
    callControl: { renderTargets: [`${name}-call-control`] },
    dialpad: { renderTargets: [`${name}-dialpad`], dialed: { clear: { show: false } } },
    plugins: [soundMeter({ meter: element(`${name}-meter`) })],
  };
}

function makePhoneOne(session) {
  return createWebphone({
    ...configurationOf('one', session),
    mediaDevices: { renderTargets: ['one-media-devices'] },
    audioContext: { renderTargets: ['one-audio-context'] },
  });
}

function makePhoneTwo(session) {
  const microphone = createTestMicrophone();
  const real = element('two-real');
  const phone = createWebphone({
    ...configurationOf('two', session),
    mediaDevices: { audioinput: { create: microphone.create, show: false } },
    audioContext: { channels: { master: { volume: 0 } } },
    // What phone one remembers of its volumes is not for this one.
    storage: false,
  });
  const setLoudspeaker = () => {
    phone.audioContext.changeVolume('master', real.checked ? 1 : 0);
  };
  phone.on('mediaDevices.streams.stopped', microphone.stop);
  real.addEventListener('change', async () => {
    tell('');
    try {
      await microphone.useReal(real.checked);
    } catch (error) {
      real.checked = false;
      await microphone.useReal(false);
      tell(`The microphone cannot be used: ${error.message}`);
    }
    setLoudspeaker();
  });
  return phone;
}

function makeEchoPhone(session) {
  const { one, two, realm } = session;
  return createPhone({
    plugins: [
      userAgent(loginOf(session.echo, realm)),
      echo({ neighbours: [one.username, two.username] }),
    ],
  });
}

function tell(text) {
  element('problem').textContent = text;
}

try {
  const session = await newSession();
  for (const [name, other] of [
    ['one', 'two'],
    ['two', 'one'],
  ]) {
    element(`${name}-number`).textContent = session[name].username;
    element(`${name}-other`).textContent = session[other].username;
  }
  window.phones = {
    one: makePhoneOne(session),
    two: makePhoneTwo(session),
    echo: makeEchoPhone(session),
  };
} catch (error) {
  tell(`The phones cannot be made: ${error.message}.`);
  throw error;
}
