import { createWebphone } from 'cordboard';
import { defineElement } from 'cordboard/element';
import { StrictMode, createElement, useEffect, useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';

defineElement();

const server = { transport: { sockets: ['ws://127.0.0.1:5780/sip'] } };
const account = (username, password) => ({
  userAgent: { ...server, authentication: { username, password, realm: 'sandbox.invalid' } },
});

/**
 * A phone in places of your own: made when they are there, taken down with them. `onCall` is told who is
 * talked to, and '' when nobody is any more.
 */
function Phone({ config, onCall }) {
  const agent = useRef(null);
  const calls = useRef(null);
  const controls = useRef(null);
  const keys = useRef(null);
  // The latest one, so that another function makes no other phone.
  const heard = useRef(onCall);
  useEffect(() => {
    heard.current = onCall;
  });
  useEffect(() => {
    const phone = createWebphone({
      ...config,
      userAgent: { ...config.userAgent, renderTargets: [agent.current] },
      callList: { renderTargets: [calls.current] },
      callControl: { renderTargets: [controls.current] },
      dialpad: { renderTargets: [keys.current] },
    });
    // Of several calls the one that was answered last.
    const talks = new Map();
    const tell = () => heard.current([...talks.values()].at(-1) ?? '');
    phone.on('call.established', ({ callId, call }) => {
      talks.set(callId, call.remote.user);
      tell();
    });
    phone.on('call.terminated', ({ callId }) => {
      talks.delete(callId);
      tell();
    });
    return () => {
      phone.destroy();
      // Its calls are over with it, and nothing tells so any more.
      heard.current('');
    };
  }, [config]);
  return [agent, calls, controls, keys].map((ref, key) => createElement('div', { ref, key }));
}

/** The element: React 19 sets the property `config`, and an equal object changes nothing. */
function Element({ username, password }) {
  return createElement('cordboard-phone', { config: account(username, password) });
}

const first = account('201', 'PASSWORD-OF-201');

function App() {
  const [isShown, setShown] = useState(true);
  const [talkingTo, setTalkingTo] = useState('');
  return [
    createElement('h1', { key: 'title' }, 'A phone in React'),
    createElement(
      'button',
      { key: 'toggle', type: 'button', onClick: () => setShown(!isShown) },
      isShown ? 'Take the phones away' : 'Bring them back',
    ),
    createElement('p', { key: 'state', role: 'status' }, talkingTo && `Talking to ${talkingTo}`),
    isShown && createElement(Phone, { key: 'phone', config: first, onCall: setTalkingTo }),
    isShown &&
      createElement(Element, { key: 'element', username: '202', password: 'PASSWORD-OF-202' }),
  ];
}

createRoot(document.getElementById('app')).render(
  createElement(StrictMode, null, createElement(App)),
);
