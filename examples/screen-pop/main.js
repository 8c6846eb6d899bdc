import { createWebphone } from 'cordboard';
import { screenPop } from './screenPop.js';

createWebphone({
  userAgent: {
    transport: { sockets: ['ws://127.0.0.1:5780/sip'] },
    authentication: { username: '202', password: 'PASSWORD-OF-202', realm: 'sandbox.invalid' },
    renderTargets: ['user-agent'],
  },
  callList: { renderTargets: ['call-list'] },
  callControl: { renderTargets: ['call-control'] },
  // A directory of your own; in place of `url` a function `lookup(number, signal)` does as well.
  plugins: [screenPop({ url: 'directory/{number}.json', renderTargets: ['screen-pop'] })],
});
