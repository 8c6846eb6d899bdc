import { createWebphone } from 'cordboard';

const phone = createWebphone({
  userAgent: {
    transport: { sockets: ['ws://127.0.0.1:5780/sip'] },
    authentication: { username: '202', password: 'PASSWORD-OF-202', realm: 'sandbox.invalid' },
    renderTargets: ['user-agent'],
  },
  callList: { renderTargets: ['call-list'] },
  callControl: { renderTargets: ['call-control'] },
  dialpad: { renderTargets: ['dialpad'] },
});

phone.on('call.established', ({ call }) => {
  document.title = `In a call with ${call.remote.user}`;
});
phone.on('call.terminated', () => {
  document.title = 'A phone by modules';
});

document.getElementById('echo').addEventListener('click', async () => {
  const problem = document.getElementById('problem');
  problem.textContent = '';
  try {
    await phone.userAgent.call('*43');
  } catch (error) {
    problem.textContent = error.message;
  }
});
