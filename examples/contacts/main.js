import { createWebphone } from 'cordboard';
import { contacts } from './contacts.js';

createWebphone({
  userAgent: {
    transport: { sockets: ['ws://127.0.0.1:5780/sip'] },
    authentication: { username: '202', password: 'PASSWORD-OF-202', realm: 'sandbox.invalid' },
    renderTargets: ['user-agent'],
  },
  callList: { renderTargets: ['call-list'] },
  callControl: { renderTargets: ['call-control'] },
  plugins: [
    contacts({
      contacts: [
        { name: 'Echo', number: '*43' },
        { name: 'Zoë Quint', number: '+44 20 7946 0000' },
      ],
      renderTargets: ['contacts'],
    }),
  ],
});
